package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops in F32: four vectors of lanes at a time.
 *
 * <p>The rows of an iteration are read from the far end to the near one because C2 emits such loads in the opposite order
 * but for the first: written with rising indexes they ran against the hardware prefetcher, 120 instead of 190 GB/s from
 * L2 and three quarters of the bandwidth from memory (AMD EPYC 9005, 512-bit vectors, one thread).
 */
final class F32Leaves {
    /** Vectors of at most 512 bits: 4 of them are at most 64 lanes. */
    static final VectorSpecies<Float> SPECIES = Shapes.F32;

    private static final int L = SPECIES.length();
    private static final VectorSpecies<Integer> BITS = SPECIES.withLanes(int.class);

    /** Lanes that a leaf takes. */
    static final int SPAN = 4 * L;

    /** Lanes that {@link #exp} takes. */
    static final int EXP_SPAN = 2 * L;

    private F32Leaves() {}

    /** {@link Step#SUM}. */
    static void sum(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            a3 = a3.add(load(x, i + 3 * L));
            a2 = a2.add(load(x, i + 2 * L));
            a1 = a1.add(load(x, i + L));
            a0 = a0.add(load(x, i));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            a3 = a3.add(load(x, i + 3 * L).abs());
            a2 = a2.add(load(x, i + 2 * L).abs());
            a1 = a1.add(load(x, i + L).abs());
            a0 = a0.add(load(x, i).abs());
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#PRODUCT}. */
    static void product(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            a3 = a3.mul(load(x, i + 3 * L));
            a2 = a2.mul(load(x, i + 2 * L));
            a1 = a1.mul(load(x, i + L));
            a0 = a0.mul(load(x, i));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#DOT}. */
    static void dot(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] y = rows.y;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int j = rows.yAt + g;
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        int yStep = rows.yStep;
        for (int n = rows.count; n > 0; n--, i += xStep, j += yStep) {
            a3 = load(x, i + 3 * L).fma(load(y, j + 3 * L), a3);
            a2 = load(x, i + 2 * L).fma(load(y, j + 2 * L), a2);
            a1 = load(x, i + L).fma(load(y, j + L), a1);
            a0 = load(x, i).fma(load(y, j), a0);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#SQUARES}. */
    static void squares(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] scale = rows.scale;
        float[] shift = rows.shift;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        int p = rows.param + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            a3 = square(load(x, i + 3 * L), load(scale, p + 3 * L), load(shift, p + 3 * L), a3);
            a2 = square(load(x, i + 2 * L), load(scale, p + 2 * L), load(shift, p + 2 * L), a2);
            a1 = square(load(x, i + L), load(scale, p + L), load(shift, p + L), a1);
            a0 = square(load(x, i), load(scale, p), load(shift, p), a0);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#MAX}. */
    static void max(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        IntVector keep = IntVector.broadcast(BITS, (int) (rows.keep >>> 32));
        IntVector flip = IntVector.broadcast(BITS, (int) (rows.flip >>> 32));
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            a3 = a3.max(key(load(x, i + 3 * L), keep, flip));
            a2 = a2.max(key(load(x, i + 2 * L), keep, flip));
            a1 = a1.max(key(load(x, i + L), keep, flip));
            a0 = a0.max(key(load(x, i), keep, flip));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#EXP}, two vectors at a time: exp takes too many registers for more. */
    static void exp(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] shift = rows.shift;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        int p = rows.param + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        int i = rows.xAt + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            a1 = a1.add(F32Exp.exp(load(x, i + L).sub(load(shift, p + L))));
            a0 = a0.add(F32Exp.exp(load(x, i).sub(load(shift, p))));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    private static FloatVector square(FloatVector x, FloatVector scale, FloatVector shift, FloatVector a) {
        FloatVector d = x.fma(scale, shift);
        return d.fma(d, a);
    }

    private static FloatVector key(FloatVector x, IntVector keep, IntVector flip) {
        return x.reinterpretAsInts()
                .and(keep)
                .lanewise(VectorOperators.XOR, flip)
                .reinterpretAsFloats();
    }
}
