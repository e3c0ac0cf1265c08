package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** F32 matrix times vector, summing in F32. */
final class F32Gemv extends Gemv<float[]> {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = Species.F32_LANES;
    private static final int BYTES = Float.BYTES;

    /** Length of a row for which its head is worth a few scalar steps. */
    private static final int HEADED = 512;

    @Override
    void dots(float[] a, int a0, int ld, int rows, int k, float[] x, int x0, float[] y, int y0, float[] lanes) {
        int quarter = rows / 4;
        for (int r = 0; r < quarter; r++) {
            dots4(a, a0 + r * ld, quarter * ld, k, x, x0, y, y0 + r, quarter, lanes);
        }
        for (int r = 4 * quarter; r < rows; r++) {
            dot(a, a0 + r * ld, k, x, x0, y, y0 + r, lanes);
        }
    }

    private static void dots4(
            float[] a, int a0, int apart, int k, float[] x, int x0, float[] y, int y0, int yApart, float[] lanes) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = FloatVector.zero(S);
        FloatVector s10 = FloatVector.zero(S);
        FloatVector s11 = FloatVector.zero(S);
        FloatVector s20 = FloatVector.zero(S);
        FloatVector s21 = FloatVector.zero(S);
        FloatVector s30 = FloatVector.zero(S);
        FloatVector s31 = FloatVector.zero(S);
        int a1 = a0 + apart;
        int a2 = a1 + apart;
        int a3 = a2 + apart;
        int head = head(a0, k);
        int p = head;
        for (int end = k - 4 * L; p <= end; p += 4 * L) {
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + p);
            FloatVector v1 = FloatVector.fromArray(S, x, x0 + p + L);
            FloatVector v2 = FloatVector.fromArray(S, x, x0 + p + 2 * L);
            FloatVector v3 = FloatVector.fromArray(S, x, x0 + p + 3 * L);
            s00 = FloatVector.fromArray(S, a, a0 + p).fma(v0, s00);
            s10 = FloatVector.fromArray(S, a, a1 + p).fma(v0, s10);
            s20 = FloatVector.fromArray(S, a, a2 + p).fma(v0, s20);
            s30 = FloatVector.fromArray(S, a, a3 + p).fma(v0, s30);
            s01 = FloatVector.fromArray(S, a, a0 + p + L).fma(v1, s01);
            s11 = FloatVector.fromArray(S, a, a1 + p + L).fma(v1, s11);
            s21 = FloatVector.fromArray(S, a, a2 + p + L).fma(v1, s21);
            s31 = FloatVector.fromArray(S, a, a3 + p + L).fma(v1, s31);
            s00 = FloatVector.fromArray(S, a, a0 + p + 2 * L).fma(v2, s00);
            s10 = FloatVector.fromArray(S, a, a1 + p + 2 * L).fma(v2, s10);
            s20 = FloatVector.fromArray(S, a, a2 + p + 2 * L).fma(v2, s20);
            s30 = FloatVector.fromArray(S, a, a3 + p + 2 * L).fma(v2, s30);
            s01 = FloatVector.fromArray(S, a, a0 + p + 3 * L).fma(v3, s01);
            s11 = FloatVector.fromArray(S, a, a1 + p + 3 * L).fma(v3, s11);
            s21 = FloatVector.fromArray(S, a, a2 + p + 3 * L).fma(v3, s21);
            s31 = FloatVector.fromArray(S, a, a3 + p + 3 * L).fma(v3, s31);
        }
        for (int end = k - L; p <= end; p += L) {
            FloatVector v = FloatVector.fromArray(S, x, x0 + p);
            s00 = FloatVector.fromArray(S, a, a0 + p).fma(v, s00);
            s10 = FloatVector.fromArray(S, a, a1 + p).fma(v, s10);
            s20 = FloatVector.fromArray(S, a, a2 + p).fma(v, s20);
            s30 = FloatVector.fromArray(S, a, a3 + p).fma(v, s30);
        }
        s00.add(s01).intoArray(lanes, 0);
        s10.add(s11).intoArray(lanes, L);
        s20.add(s21).intoArray(lanes, 2 * L);
        s30.add(s31).intoArray(lanes, 3 * L);
        y[y0] += tail(a, a0, p, k, x, x0, tail(a, a0, 0, head, x, x0, sum(lanes, 0, L)));
        y[y0 + yApart] += tail(a, a1, p, k, x, x0, tail(a, a1, 0, head, x, x0, sum(lanes, L, L)));
        y[y0 + 2 * yApart] += tail(a, a2, p, k, x, x0, tail(a, a2, 0, head, x, x0, sum(lanes, 2 * L, L)));
        y[y0 + 3 * yApart] += tail(a, a3, p, k, x, x0, tail(a, a3, 0, head, x, x0, sum(lanes, 3 * L, L)));
    }

    private static void dot(float[] a, int a0, int k, float[] x, int x0, float[] y, int y0, float[] lanes) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        int head = head(a0, k);
        int p = head;
        for (int end = k - 2 * L; p <= end; p += 2 * L) {
            s0 = FloatVector.fromArray(S, a, a0 + p).fma(FloatVector.fromArray(S, x, x0 + p), s0);
            s1 = FloatVector.fromArray(S, a, a0 + p + L).fma(FloatVector.fromArray(S, x, x0 + p + L), s1);
        }
        s0.add(s1).intoArray(lanes, 0);
        y[y0] += tail(a, a0, p, k, x, x0, tail(a, a0, 0, head, x, x0, sum(lanes, 0, L)));
    }

    /**
     * Adds lanes pairwise, always in the same order, unlike reduceLanes whose order the Vector API leaves open.
     * Straight-line scalars: a loop over memory took four times as long, and a helper with a vector argument might box
     * it.
     *
     * @param n lanes
     */
    static float sum(float[] v, int i, int n) {
        if (n == 2) {
            return v[i] + v[i + 1];
        }
        if (n == 4) {
            return (v[i] + v[i + 2]) + (v[i + 1] + v[i + 3]);
        }
        float s = sum8(v, i);
        for (int j = 8; j < n; j += 8) {
            s += sum8(v, i + j);
        }
        return s;
    }

    private static float sum8(float[] v, int i) {
        float even = (v[i] + v[i + 4]) + (v[i + 2] + v[i + 6]);
        float odd = (v[i + 1] + v[i + 5]) + (v[i + 3] + v[i + 7]);
        return even + odd;
    }

    /** Elements of a long row before its first cache line, if the array is on one: straddling vectors read slower. */
    private static int head(int a0, int k) {
        return k < HEADED ? 0 : Math.floorMod(-(16 / BYTES + a0), 64 / BYTES);
    }

    private static float tail(float[] a, int a0, int p, int k, float[] x, int x0, float sum) {
        float s = sum;
        for (int i = p; i < k; i++) {
            s = Math.fma(a[a0 + i], x[x0 + i], s);
        }
        return s;
    }

    @Override
    void sums(float[] a, int a0, int ld, int rows, int k, float[] x, int x0, float[] y, int y0) {
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            sums4(a, a0 + p * ld, ld, rows, x, x0 + p, y, y0);
        }
        for (; p < k; p++) {
            float factor = x[x0 + p];
            for (int r = 0, i = a0 + p * ld; r < rows; r++) {
                y[y0 + r] = Math.fma(a[i + r], factor, y[y0 + r]);
            }
        }
    }

    private static void sums4(float[] a, int a0, int ld, int rows, float[] x, int x0, float[] y, int y0) {
        FloatVector f0 = FloatVector.broadcast(S, x[x0]);
        FloatVector f1 = FloatVector.broadcast(S, x[x0 + 1]);
        FloatVector f2 = FloatVector.broadcast(S, x[x0 + 2]);
        FloatVector f3 = FloatVector.broadcast(S, x[x0 + 3]);
        int a1 = a0 + ld;
        int a2 = a1 + ld;
        int a3 = a2 + ld;
        int r = 0;
        for (; r <= rows - L; r += L) {
            FloatVector s = FloatVector.fromArray(S, y, y0 + r);
            s = FloatVector.fromArray(S, a, a0 + r).fma(f0, s);
            s = FloatVector.fromArray(S, a, a1 + r).fma(f1, s);
            s = FloatVector.fromArray(S, a, a2 + r).fma(f2, s);
            s = FloatVector.fromArray(S, a, a3 + r).fma(f3, s);
            s.intoArray(y, y0 + r);
        }
        for (; r < rows; r++) {
            float s = Math.fma(a[a0 + r], x[x0], y[y0 + r]);
            s = Math.fma(a[a1 + r], x[x0 + 1], s);
            s = Math.fma(a[a2 + r], x[x0 + 2], s);
            y[y0 + r] = Math.fma(a[a3 + r], x[x0 + 3], s);
        }
    }
}
