package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.gate.PairMeter.Pair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the gate on devices: both sides are verified and timed on them. */
class DeviceSidesTest {
    @ParameterizedTest
    @CsvSource({
        "opencl, f32, n64, clblast, clblast, 'CLBlast called from C, f32 on '",
        "opencl, i8, n64, opencl, clblast, 'CLBlast called from C, f32 on '",
        "cuda, f64, n64, cublaslt, cublaslt, 'cuBLASLt called from C on '",
        "cuda, bf16, n64, cublaslt, cublaslt, 'cuBLASLt called from C on '",
        "cuda, i8, n64.transposed, cublaslt, cublaslt, 'cuBLASLt called from C on '"
    })
    void bothSidesComputeOnTheSameDevice(
            String area, String type, String shape, String kernel, String peer, String title) {
        GateRow row = GateTable.parse(
                        "test",
                        area + ".gemm." + type + "." + shape + ".t1, speed, gemm_*_" + kernel + ", " + peer
                                + ", native, 1, 0.9, -, no")
                .all()
                .getFirst();
        ForkResult result = new DeviceSides(row, 0.02).measure();
        assumeTrue(result.obstacle().isEmpty(), "cannot run here: " + result.obstacle());
        assertEquals("", result.failure());
        assertTrue(result.kernel().startsWith("gemm_" + type + "_"), result.kernel());
        String device = result.kernel().split(" on ", 2)[1];
        assertTrue(result.peer().startsWith(title + device), result.peer());
        assertFalse(result.pairs().isEmpty());
        for (Pair pair : result.pairs()) {
            assertTrue(pair.ours() > 0 && pair.theirs() > 0, pair::toString);
        }
    }
}
