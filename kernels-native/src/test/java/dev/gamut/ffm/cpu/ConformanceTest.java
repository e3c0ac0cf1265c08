package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.Options;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule on every kernel in C that this machine can run, native operands between pages that must not be touched. Kernels of other
 * machines are no skipped tests: the C library's own tests count those.
 */
class ConformanceTest {
    @TestFactory
    Stream<DynamicContainer> kernels() {
        NativeLibraryPresent.assume();
        Options options = Options.ofProperties();
        List<DynamicContainer> containers = new ArrayList<>();
        try (Gamut gamut = Gamut.open()) {
            for (KernelInfo kernel : gamut.kernels()) {
                Optional<String> unavailable = gamut.unavailable(kernel);
                if (kernel.provider().equals("native") && unavailable.isEmpty()) {
                    containers.add(container(kernel, options));
                }
            }
        }
        assertTrue(!containers.isEmpty(), "there is always a kernel in plain C");
        return containers.stream();
    }

    private static DynamicContainer container(KernelInfo kernel, Options options) {
        Stream<DynamicTest> tests =
                Conformance.cases(kernel, options).stream().map(c -> DynamicTest.dynamicTest(c.rule(), () -> check(c)));
        return DynamicContainer.dynamicContainer(kernel.id().toString(), tests);
    }

    private static void check(Conformance.Case rule) {
        ScopedValue.where(Conformance.NATIVE_MEMORY, new GuardedMemory())
                .call(rule::fault)
                .ifPresent(Assertions::fail);
    }
}
