package dev.gamut.vector.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Tuning;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Block sizes come from the caches of the machine asked about unless a line of the table gives them. */
class BlockingTest {
    private static final KernelId ID = KernelId.parse("gemm_f64_f64_f64_f64_5x4v_fma-kc256_vec");
    private static final int MR = 5;
    private static final int NR = 32;

    private static Capabilities machine(long l1, long l2, long l3) {
        return new Capabilities("x86_64", "any", Set.of(), 512, 1, new CacheTopology(l1, l2, l3));
    }

    private static Blocking blocking(long l2, long l3, int bytes, Tuning tuning) {
        return Blocking.of(machine(32 << 10, l2 << 10, l3 << 10), tuning, ID, bytes, MR, NR);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        # L2 KiB, L3 KiB, element bytes, nc, mc
        1024,        32768,   8,  256, 2048
        1024,        32768,   4,  512, 2048
        2048,        32768,   8,  512, 2048
        256,          8192,   8,   64, 2048
        512,          4096,   8,  128, 1024
        1024,            0,   8,  256,  512
        4096,            0,   8, 1024, 1024
        16,              0,   8,   64,  512
        1,               1,   8,   64,  512
        1048576,  16777216,   8, 4096, 2048
        9007199254740, 9007199254740, 4, 4096, 2048
        """)
    void cachesDecide(long l2, long l3, int bytes, int nc, int mc) {
        Blocking blocking = blocking(l2, l3, bytes, Tuning.EMPTY);
        assertEquals(nc, blocking.nc());
        assertEquals(Blocking.roundUp(mc, MR), blocking.mc());
    }

    @ParameterizedTest
    @CsvSource({"256, 8192, 8", "512, 0, 8", "1024, 32768, 4", "2048, 262144, 4"})
    void blocksFitTheirCaches(long l2, long l3, int bytes) {
        Blocking blocking = blocking(l2, l3, bytes, Tuning.EMPTY);
        assertTrue((long) blocking.nc() * Blocking.KC * bytes <= (l2 << 10) / 2, blocking.toString());
        assertTrue(l3 == 0 || (long) (blocking.mc() - MR) * Blocking.KC * bytes <= (l3 << 10) / 2, blocking.toString());
    }

    @Test
    void theTableComesBeforeTheCaches() {
        Tuning tuning = Tuning.of(
                List.of(line("x86_64/other*", "nc", 96), line("x86_64/any/*", "nc", 160), line("*", "mc", 100)));
        assertEquals(new Blocking(100, 160), blocking(1024, 32768, 8, tuning));
    }

    /** Tables allow any number of at least 0. */
    @Test
    void blocksAreWholeTilesWhateverTheTableSays() {
        for (double size : new double[] {0, 0.3, 1e9, 1e300}) {
            Blocking blocking =
                    blocking(1024, 32768, 8, Tuning.of(List.of(line("*", "nc", size), line("*", "mc", size))));
            assertTrue(blocking.mc() >= MR && blocking.mc() % MR == 0, blocking.toString());
            assertTrue(blocking.nc() >= NR && blocking.nc() % NR == 0, blocking.toString());
            assertTrue((long) blocking.nc() * Blocking.KC < Integer.MAX_VALUE, blocking.toString());
        }
    }

    private static Tuning.Line line(String machine, String constant, double value) {
        return new Tuning.Line(Glob.of(machine), "512", Glob.of("gemm_*_vec"), constant, value, "test");
    }
}
