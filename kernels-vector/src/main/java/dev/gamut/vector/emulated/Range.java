package dev.gamut.vector.emulated;

import dev.gamut.vector.Species;
import java.util.Arrays;
import java.util.Locale;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The smallest and the largest magnitude of an operand's numbers, zeros aside, found by several tasks.
 *
 * <p>Within it, products of F32 and of BF16 terms neither overflow, |a|·|b|·k ≤ 2^120, nor lose more below the normal range, where matrix units take
 * numbers as 0, than 2^-126 of a product of at least 2^-70.
 */
final class Range {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final VectorSpecies<Long> BITS = Species.I64;
    private static final Class<? extends LongVector> CLASS =
            LongVector.zero(BITS).getClass();
    private static final int L = Species.F64_LANES;
    private static final double LEAST = 0x1p-70;
    private static final double MOST = 0x1p120;

    /** Of each task, lane by lane. */
    private final long[] smallest;

    private final long[] largest;

    Range(int tasks) {
        smallest = new long[tasks * L];
        largest = new long[tasks * L];
    }

    void clear() {
        Arrays.fill(smallest, Long.MAX_VALUE);
        Arrays.fill(largest, 0);
    }

    /** Takes n numbers of a task into account; bits of magnitudes are ordered as these are, and 0 less 1 is beyond all of them. */
    void add(int task, double[] x, int n) {
        LongVector low = LongVector.fromArray(BITS, smallest, task * L);
        LongVector high = LongVector.fromArray(BITS, largest, task * L);
        int i = 0;
        for (; i <= n - L; i += L) {
            LongVector bits =
                    DoubleVector.fromArray(S, x, i).reinterpretAsLongs().and(Long.MAX_VALUE);
            high = bits.max(high);
            low = bits.sub(1).and(Long.MAX_VALUE).min(low);
        }
        CLASS.cast(low).intoArray(smallest, task * L);
        CLASS.cast(high).intoArray(largest, task * L);
        for (; i < n; i++) {
            long bits = Double.doubleToRawLongBits(x[i]) & Long.MAX_VALUE;
            largest[task * L] = Math.max(largest[task * L], bits);
            smallest[task * L] = Math.min(smallest[task * L], bits - 1 & Long.MAX_VALUE);
        }
    }

    /** 1 where there is nothing but zeros. */
    private double smallest() {
        long bits = Long.MAX_VALUE;
        for (long each : smallest) {
            bits = Math.min(bits, each);
        }
        return bits == Long.MAX_VALUE ? 1 : Double.longBitsToDouble(bits + 1);
    }

    /** NaN or infinite where a number is; 0 where there is nothing but zeros. */
    private double largest() {
        long bits = 0;
        for (long each : largest) {
            bits = Math.max(bits, each);
        }
        return Double.longBitsToDouble(bits);
    }

    /** Whether products of these numbers and those of another operand, k for each sum, can be computed in F32. */
    boolean fits(Range other, double k) {
        double a = largest();
        double b = other.largest();
        return a <= MOST
                && b <= MOST
                && a * b * k <= MOST
                && smallest() >= LEAST
                && other.smallest() >= LEAST
                && smallest() * other.smallest() >= LEAST;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2g to %.2g", smallest(), largest());
    }
}
