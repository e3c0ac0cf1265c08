package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reductions in C, on small integers, of which every sum is exact in any order. */
class CLoopsTest {
    /** From nothing over every remainder of a vector to several rounds of all chains and what is left over. */
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.range(0, 300), IntStream.of(511, 512, 513, 1_000, 1_024, 1_151, 4_096, 10_007))
            .toArray();

    private final Arena arena = Arena.ofConfined();

    @BeforeEach
    void compiler() {
        assumeTrue(CLoops.unavailable().isEmpty(), "cannot run here: no C compiler");
    }

    @AfterEach
    void release() {
        arena.close();
    }

    /** Integers from -9 to 9, and one beyond them at each end of the scale, somewhere. */
    private static double[] integers(int n) {
        Random random = new Random(n);
        double[] values = random.doubles(n, -9, 10).map(Math::floor).toArray();
        if (n > 1) {
            values[random.nextInt(n / 2)] = -100;
            values[n / 2 + random.nextInt(n - n / 2)] = 100;
        }
        return values;
    }

    private static MemorySegment floats(SegmentAllocator allocator, double[] values) {
        MemorySegment segment = allocator.allocate(ValueLayout.JAVA_FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
        }
        return segment;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void sumsAreExact(int streams) {
        for (int n : LENGTHS) {
            double[] x = integers(n);
            double sum = IntStream.range(0, n).mapToDouble(i -> x[i]).sum();
            assertEquals(sum, CLoops.sumF64(arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x), n, streams), "n = " + n);
            assertEquals(sum, CLoops.sumF32(floats(arena, x), n, streams), "n = " + n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void dotProductsAreExact(int streams) {
        for (int n : LENGTHS) {
            double[] x = integers(n);
            double[] y = integers(n + 1);
            double dot = IntStream.range(0, n).mapToDouble(i -> x[i] * y[i]).sum();
            MemorySegment x64 = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
            MemorySegment y64 = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, y);
            assertEquals(dot, CLoops.dotF64(x64, y64, n, streams), "n = " + n);
            assertEquals(dot, CLoops.dotF32(floats(arena, x), floats(arena, y), n, streams), "n = " + n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void extremesAreFound(int streams) {
        for (int n : LENGTHS) {
            double[] x = integers(n);
            double min = IntStream.range(0, n).mapToDouble(i -> x[i]).min().orElse(Double.POSITIVE_INFINITY);
            double max = IntStream.range(0, n).mapToDouble(i -> x[i]).max().orElse(Double.NEGATIVE_INFINITY);
            MemorySegment x64 = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
            MemorySegment x32 = floats(arena, x);
            assertEquals(min, CLoops.minF64(x64, n, streams), "n = " + n);
            assertEquals(min, CLoops.minF32(x32, n, streams), "n = " + n);
            assertEquals(max, CLoops.maxF64(x64, n, streams), "n = " + n);
            assertEquals(max, CLoops.maxF32(x32, n, streams), "n = " + n);
        }
    }

    @Test
    void arraysNeedNoAlignmentBeyondTheirElements() {
        double[] x = integers(1_000);
        MemorySegment all = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
        for (int from = 0; from < 9; from++) {
            double sum = IntStream.range(from, x.length).mapToDouble(i -> x[i]).sum();
            assertEquals(sum, CLoops.sumF64(all.asSlice(8L * from), x.length - from, 4), "from " + from);
        }
    }

    @Test
    void whatWouldReadBeyondAnArrayIsRefused() {
        MemorySegment x = arena.allocate(ValueLayout.JAVA_DOUBLE, 10);
        assertThrows(IndexOutOfBoundsException.class, () -> CLoops.sumF64(x, 11, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> CLoops.dotF32(x, x.asSlice(8), 20, 1));
        assertThrows(IllegalArgumentException.class, () -> CLoops.maxF64(x, 10, 3));
    }

    @Test
    void arraysMayLieOnTheHeap() {
        double[] x = integers(1_000);
        double sum = Arrays.stream(x).sum();
        assertEquals(sum, CLoops.sumF64(MemorySegment.ofArray(x), x.length, 4));
    }

    @Test
    void compilerIsNamed() {
        assertTrue(CLoops.compiler().matches(".*\\d+\\.\\d+.*"), CLoops.compiler());
    }

    @Test
    void everyPeakRunsOrSaysWhyNot() {
        List<CPeak> peaks = CPeak.all();
        for (CPeak peak : peaks) {
            boolean runs = peak.missing().isEmpty();
            assertTrue(runs || peak.missing().startsWith("not available: this "), peak.toString());
            assertTrue(!runs || peak.run(10) == 10 * peak.run(1) && peak.run(1) > 0, peak.toString());
        }
        assertEquals(peaks.size(), peaks.stream().map(CPeak::name).distinct().count());
    }
}
