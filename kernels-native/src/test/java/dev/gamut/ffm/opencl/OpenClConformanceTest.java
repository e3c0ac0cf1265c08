package dev.gamut.ffm.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.DeviceRules;
import dev.gamut.conformance.Options;
import dev.gamut.conformance.Outcome;
import dev.gamut.spi.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every rule on every kernel of the first OpenCL device, and sequences of operations on two: the first and the last one, which PoCL makes
 * two of where {@code POCL_DEVICES} says so. Problems are a sample unless all are asked for, since each one is a dozen calls of the driver.
 */
class OpenClConformanceTest {
    private static final int ONE_IN = 6;

    @BeforeAll
    static void aDeviceIsThere() {
        assumeTrue(
                ClHost.get().failure() == null,
                () -> "cannot run here: " + ClHost.get().failure());
    }

    private static Options options() {
        Options asked = Options.ofProperties();
        return asked.full() ? asked : new Options(false, asked.seed(), ONE_IN);
    }

    @TestFactory
    Stream<DynamicNode> rules() {
        return new OpenClProvider()
                .kernels().stream()
                        .map(Kernel::info)
                        .filter(kernel -> !kernel.id().impl().startsWith("clblast")
                                || ClHost.get().blas() != null)
                        .flatMap(kernel -> Conformance.cases(kernel, "opencl:0", options()).stream()
                                .filter(c -> !kernel.id().impl().startsWith("clblast")
                                        || !kernel.id().op().equals("gemm")
                                        || !c.rule().equals(Conformance.DETERMINISM))
                                .map(c -> DynamicTest.dynamicTest(
                                        c.toString(), () -> assertEquals(Optional.empty(), c.fault()))));
    }

    @Test
    void randomSequencesAgreeWithASerialModel() {
        Options options = Options.ofProperties();
        String last = "opencl:" + (ClHost.get().places().size() - 1);
        assertEquals(
                Optional.empty(),
                DeviceRules.sequences("opencl:0", last, options.full() ? 10_000 : 500, options.seed()));
    }

    /** As {@code verify --device} has it: memory that does not suffice, or is not to be used; OpenCL has no collectives. */
    @Test
    void theDeviceKeepsTheOtherRulesToo() {
        List<DeviceRules.Rule> rules = DeviceRules.of("opencl:0", options());
        for (DeviceRules.Rule rule : rules.subList(1, rules.size() - 1)) { // the first one is above
            Outcome outcome = rule.run();
            assertEquals(Outcome.Status.PASSED, outcome.status(), rule + ": " + outcome);
        }
        assertEquals(Outcome.Status.NOT_APPLICABLE, rules.getLast().run().status());
    }
}
