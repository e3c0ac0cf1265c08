package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.gate.PairMeter.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the gate on ranks that mpirun starts. */
class MpiJobTest {
    private static ForkResult measured(String id, String peer) {
        ForkResult result = new MpiJob(GateTable.shipped().find(id, peer).orElseThrow(), 0.02).measure();
        assumeTrue(result.obstacle().isEmpty(), "cannot run here: " + result.obstacle());
        assertEquals("", result.failure());
        return result;
    }

    @Test
    void peersAreLoopsOnAnMpi() {
        assertTrue(MpiJob.isPeer("openmpi"));
        assertTrue(MpiJob.isPeer("mpich+1500ns"));
        assertTrue(MpiJob.isPeer("openmpi-blocking"));
        assertFalse(MpiJob.isPeer("openblas"));
    }

    @ParameterizedTest
    @CsvSource({"openmpi, Open MPI", "mpich, MPICH"})
    void bothSidesAreTimedByTheSameProcesses(String peer, String title) {
        ForkResult result = measured("collective.mpi.allreduce.f32.8b.t2", peer + "+1500ns");
        assertTrue(result.kernel().startsWith(title), result.kernel());
        for (Pair pair : result.pairs()) {
            assertTrue(pair.ours() > 0 && pair.theirs() > 1.5e-6, "seconds of a call: " + pair);
        }
    }

    @Test
    void threadsOfOneProcessAreHeldAgainstProcesses() {
        ForkResult result = measured("collective.allreduce.f32.1m.t2", "openmpi-blocking");
        assertTrue(result.kernel().startsWith("inprocess "), result.kernel());
        assertTrue(result.peer().endsWith(", blocking"), result.peer());
        assertFalse(result.pairs().isEmpty());
    }
}
