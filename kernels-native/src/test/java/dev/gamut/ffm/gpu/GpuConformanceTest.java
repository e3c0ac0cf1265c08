package dev.gamut.ffm.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.DeviceRules;
import dev.gamut.conformance.Options;
import dev.gamut.conformance.Outcome;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every rule on every kernel of both vendors, and sequences of operations on two devices, all simulated. */
class GpuConformanceTest {
    private static final int ONE_IN = 6;

    private static GpuProvider provider(Vendor vendor) {
        return vendor == Vendor.CUDA ? new CudaProvider() : new RocmProvider();
    }

    @TestFactory
    Stream<DynamicNode> rulesOfCuda() {
        return rules(Vendor.CUDA);
    }

    @TestFactory
    Stream<DynamicNode> rulesOfRocm() {
        return rules(Vendor.ROCM);
    }

    private static Stream<DynamicNode> rules(Vendor vendor) {
        Simulator.of(vendor);
        return provider(vendor).kernels().stream()
                .filter(kernel -> kernel.unavailable(Capabilities.host()).isEmpty())
                .map(Kernel::info)
                .flatMap(kernel -> Conformance.cases(kernel, vendor.id() + ":0", options(vendor, kernel)).stream()
                        .filter(c -> !kernel.id().op().equals("gemm")
                                || kernel.id().types().get(2).isInteger()
                                || !c.rule().equals(Conformance.DETERMINISM))
                        .map(c -> DynamicTest.dynamicTest(
                                c.toString(), () -> assertEquals(Optional.empty(), c.fault()))));
    }

    /** Of what Gamut's own programs compute, fibre by fibre, a sample. */
    private static Options options(Vendor vendor, KernelInfo kernel) {
        Options asked = Options.ofProperties();
        boolean own = !kernel.id().impl().equals(vendor.blasId());
        return asked.full() || !own ? asked : new Options(false, asked.seed(), ONE_IN);
    }

    @ParameterizedTest
    @EnumSource
    void randomSequencesAgreeWithASerialModelAndLeaveNothing(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long before = simulator.open();
        Options options = Options.ofProperties();
        int count = options.full() ? 10_000 : 500;
        assertEquals(
                Optional.empty(), DeviceRules.sequences(vendor.id() + ":0", vendor.id() + ":1", count, options.seed()));
        assertEquals(before, simulator.open());
    }

    /** As {@code verify --device} has it: memory that does not suffice, and collectives. */
    @ParameterizedTest
    @EnumSource
    void theDeviceKeepsTheOtherRulesToo(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long before = simulator.open();
        List<DeviceRules.Rule> rules = DeviceRules.of(vendor.id() + ":0", Options.ofProperties());
        for (DeviceRules.Rule rule : rules.subList(1, rules.size())) { // the first one is above
            Outcome outcome = rule.run();
            assertEquals(Outcome.Status.PASSED, outcome.status(), rule + ": " + outcome);
            assertTrue(outcome.problems() > 0, rule::toString);
        }
        assertEquals(before, simulator.open());
    }
}
