package dev.gamut.vector.matrix;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Operations on rows of F32 numbers, element by element, with the roundings of the same operations in Java. By vectors, because C2
 * makes none of a loop that stores to one array and loads from another of its kind: they might be the same one. Rows either are the
 * same or do not overlap.
 */
public final class FloatRows {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = Species.F32_LANES;
    /** Bits of an infinity without sign; those of a NaN are more. */
    private static final int INFINITY = 0x7F800000;

    private FloatRows() {}

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(S, x, at);
    }

    /** to = factor · x. */
    public static void scale(int n, float factor, float[] x, int xAt, float[] to, int at) {
        int i = 0;
        for (; i <= n - L; i += L) {
            load(x, xAt + i).mul(factor).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] = factor * x[xAt + i];
        }
    }

    /** to = x · y. */
    public static void multiply(int n, float[] x, int xAt, float[] y, int yAt, float[] to, int at) {
        int i = 0;
        for (; i <= n - L; i += L) {
            load(x, xAt + i).mul(load(y, yAt + i)).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] = x[xAt + i] * y[yAt + i];
        }
    }

    /** to = x · y, within ±limit where x is finite. In integers, for which no NaN is special, and without masks. */
    public static void multiplyWithin(float limit, int n, float[] x, int xAt, float[] y, int yAt, float[] to, int at) {
        int bound = Float.floatToRawIntBits(limit);
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector given = load(x, xAt + i);
            IntVector bits = given.mul(load(y, yAt + i)).reinterpretAsInts();
            IntVector magnitude = bits.and(Integer.MAX_VALUE);
            IntVector finite = given.reinterpretAsInts().and(Integer.MAX_VALUE).sub(INFINITY);
            IntVector number = IntVector.broadcast(Species.I32, INFINITY).sub(magnitude);
            // All bits where x is not finite or the product is NaN: those are kept.
            IntVector kept = finite.not().or(number).lanewise(VectorOperators.ASHR, 31);
            magnitude
                    .min(kept.and(Integer.MAX_VALUE).or(bound))
                    .or(bits.and(Integer.MIN_VALUE))
                    .reinterpretAsFloats()
                    .intoArray(to, at + i);
        }
        for (; i < n; i++) {
            float product = x[xAt + i] * y[yAt + i];
            to[at + i] = Float.isFinite(x[xAt + i]) ? Math.clamp(product, -limit, limit) : product;
        }
    }

    /** to = to + y. */
    public static void add(int n, float[] y, int yAt, float[] to, int at) {
        int i = 0;
        for (; i <= n - L; i += L) {
            load(to, at + i).add(load(y, yAt + i)).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] += y[yAt + i];
        }
    }

    /** to = to - y. */
    public static void subtract(int n, float[] y, int yAt, float[] to, int at) {
        int i = 0;
        for (; i <= n - L; i += L) {
            load(to, at + i).sub(load(y, yAt + i)).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] -= y[yAt + i];
        }
    }

    /** to = factor · y + to, rounded once. */
    public static void addScaled(int n, float factor, float[] y, int yAt, float[] to, int at) {
        FloatVector f = FloatVector.broadcast(S, factor);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(y, yAt + i).fma(f, load(to, at + i)).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] = Math.fma(factor, y[yAt + i], to[at + i]);
        }
    }

    /** to = beta · to + round(alpha · x), rounded once more. */
    public static void join(int n, float alpha, float[] x, int xAt, float beta, float[] to, int at) {
        FloatVector b = FloatVector.broadcast(S, beta);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(to, at + i).fma(b, load(x, xAt + i).mul(alpha)).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] = Math.fma(beta, to[at + i], alpha * x[xAt + i]);
        }
    }

    /** to = to · y + summand, rounded once. */
    public static void multiplyAdd(int n, float[] y, int yAt, float summand, float[] to, int at) {
        FloatVector s = FloatVector.broadcast(S, summand);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(to, at + i).fma(load(y, yAt + i), s).intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] = Math.fma(to[at + i], y[yAt + i], summand);
        }
    }

    /** to = 1 / to, 0 where to is 0. */
    public static void invert(int n, float[] to, int at) {
        for (int i = at; i < at + n; i++) {
            to[i] = to[i] == 0 ? 0 : 1 / to[i];
        }
    }
}
