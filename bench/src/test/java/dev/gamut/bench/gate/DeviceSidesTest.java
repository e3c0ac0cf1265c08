package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.gate.PairMeter.Pair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the gate on a device of OpenCL: both sides are verified and timed on it. */
class DeviceSidesTest {
    @ParameterizedTest
    @CsvSource({"f32, gemm_*_clblast", "i8, gemm_*_opencl"})
    void bothSidesComputeOnTheSameDevice(String type, String kernel) {
        GateRow row = GateTable.parse(
                        "test",
                        "opencl.gemm." + type + ".n64.t1, speed, " + kernel + ", clblast, native, 1, 0.9, -, no")
                .all()
                .getFirst();
        ForkResult result = new DeviceSides(row, 0.02).measure();
        assumeTrue(result.obstacle().isEmpty(), "cannot run here: " + result.obstacle());
        assertEquals("", result.failure());
        assertTrue(result.kernel().startsWith("gemm_" + type + "_"), result.kernel());
        String device = result.kernel().split(" on ", 2)[1];
        assertTrue(result.peer().startsWith("CLBlast called from C, f32 on " + device), result.peer());
        assertFalse(result.pairs().isEmpty());
        for (Pair pair : result.pairs()) {
            assertTrue(pair.ours() > 0 && pair.theirs() > 0, pair::toString);
        }
    }
}
