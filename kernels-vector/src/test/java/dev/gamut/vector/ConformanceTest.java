package dev.gamut.vector;

import dev.gamut.Gamut;
import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.Options;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule on every Vector API kernel that this machine can run: a container for each kernel, a test for each rule. {@code
 * -Dgamut.test.full=true} runs the cross products, {@code -Dgamut.test.seed=N} other numbers.
 */
class ConformanceTest {
    @TestFactory
    Stream<DynamicContainer> kernels() {
        Options options = Options.ofProperties();
        List<DynamicContainer> containers = new ArrayList<>();
        try (Gamut gamut = Gamut.open()) {
            for (KernelInfo kernel : gamut.kernels()) {
                if (kernel.provider().equals("vector")) {
                    containers.add(container(kernel, gamut.unavailable(kernel), options));
                }
            }
        }
        return containers.stream();
    }

    private static DynamicContainer container(KernelInfo kernel, Optional<String> unavailable, Options options) {
        Stream<DynamicTest> tests = Conformance.cases(kernel, options).stream()
                .map(c -> DynamicTest.dynamicTest(c.rule(), () -> check(c, unavailable)));
        return DynamicContainer.dynamicContainer(kernel.id().toString(), tests);
    }

    private static void check(Conformance.Case rule, Optional<String> unavailable) {
        Assumptions.assumeTrue(unavailable.isEmpty(), () -> "cannot run here: " + unavailable.orElse(""));
        rule.fault().ifPresent(Assertions::fail);
    }
}
