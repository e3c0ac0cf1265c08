package dev.gamut.linalg;

import dev.gamut.dtype.DType;

final class F32Runs implements Runs<float[]> {
    static final F32Runs INSTANCE = new F32Runs();

    /** Rows and columns of a tile that is copied at a time: few pages on both sides. */
    private static final int TILE = 32;

    private F32Runs() {}

    @Override
    public DType type() {
        return DType.F32;
    }

    @Override
    public float[] array(int n) {
        return new float[n];
    }

    @Override
    public double get(float[] x, int at) {
        return x[at];
    }

    @Override
    public void set(float[] x, int at, double value) {
        x[at] = (float) value;
    }

    @Override
    public int largest(float[] x, int at, int n) {
        int best = 0;
        float most = Math.abs(x[at]);
        for (int i = 1; i < n; i++) {
            float size = Math.abs(x[at + i]);
            if (!(size <= most)) {
                if (Float.isNaN(most)) {
                    return best;
                }
                best = i;
                most = size;
            }
        }
        return best;
    }

    @Override
    public void divide(float[] x, int at, int n, double by) {
        float divisor = (float) by;
        for (int i = at; i < at + n; i++) {
            x[i] /= divisor;
        }
    }

    @Override
    public void subtract(float[] x, int from, float[] y, int to, int n, double by) {
        float factor = (float) by;
        for (int i = 0; i < n; i++) {
            y[to + i] -= factor * x[from + i];
        }
    }

    @Override
    public void swap(float[] x, int from, int to, int n) {
        for (int i = 0; i < n; i++) {
            float kept = x[from + i];
            x[from + i] = x[to + i];
            x[to + i] = kept;
        }
    }

    @Override
    public void copy(
            float[] from,
            int at,
            int down,
            int across,
            float[] to,
            int first,
            int toDown,
            int toAcross,
            int rows,
            int cols) {
        for (int i0 = 0; i0 < rows; i0 += TILE) {
            int i1 = Math.min(rows, i0 + TILE);
            for (int j0 = 0; j0 < cols; j0 += TILE) {
                int j1 = Math.min(cols, j0 + TILE);
                for (int j = j0; j < j1; j++) {
                    for (int i = i0; i < i1; i++) {
                        to[first + i * toDown + j * toAcross] = from[at + i * down + j * across];
                    }
                }
            }
        }
    }
}
