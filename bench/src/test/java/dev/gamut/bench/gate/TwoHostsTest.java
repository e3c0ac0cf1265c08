package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.gate.PairMeter.Pair;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the gate on two hosts. */
class TwoHostsTest {
    /** 16 MiB each way take 134 ms at 1 Gbit/s, whatever moves them; as codes of a byte a quarter of that. */
    @ParameterizedTest
    @CsvSource({"openmpi, Open MPI", "mpich, MPICH"})
    void aSlowCableBindsWhatIsNotCoded(String peer, String title) {
        GateRow row = GateTable.shipped()
                .find("collective.net.allreduce.f32.16m.i8.t2", peer + "-plain")
                .orElseThrow();
        ForkResult result = new MpiJob(row, 0.02).measure();
        assumeTrue(result.obstacle().isEmpty(), "cannot run here: " + result.obstacle());
        assertEquals("", result.failure());
        assertTrue(result.kernel().startsWith(title), result.kernel());
        assertTrue(result.kernel().contains("quantised to i8"), result.kernel());
        for (Pair pair : result.pairs()) {
            assertTrue(pair.theirs() > 0.12 && pair.ours() > 0.03, "seconds of a call: " + pair);
        }
    }
}
