package dev.gamut.conformance;

import dev.gamut.Gamut;
import dev.gamut.spi.KernelInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule on every kernel of the reference: a container for each kernel, a test for each rule. {@code -Dgamut.test.full=true} runs
 * the cross products, {@code -Dgamut.test.seed=N} other numbers.
 */
class ConformanceTest {
    @TestFactory
    Stream<DynamicContainer> reference() {
        Options options = Options.ofProperties();
        List<KernelInfo> kernels;
        try (Gamut gamut = Gamut.open()) {
            kernels = gamut.kernels().stream()
                    .filter(k -> k.provider().equals("reference"))
                    .toList();
        }
        return kernels.stream()
                .map(kernel -> DynamicContainer.dynamicContainer(
                        kernel.id().toString(),
                        Conformance.cases(kernel, options).stream()
                                .map(c -> DynamicTest.dynamicTest(c.rule(), () -> check(c)))));
    }

    private static void check(Conformance.Case rule) {
        rule.fault().ifPresent(Assertions::fail);
    }
}
