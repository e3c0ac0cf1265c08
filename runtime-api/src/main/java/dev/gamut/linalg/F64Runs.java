package dev.gamut.linalg;

import dev.gamut.dtype.DType;

final class F64Runs implements Runs<double[]> {
    static final F64Runs INSTANCE = new F64Runs();

    /** Rows and columns of a tile that is copied at a time: few pages on both sides. */
    private static final int TILE = 32;

    private F64Runs() {}

    @Override
    public DType type() {
        return DType.F64;
    }

    @Override
    public double[] array(int n) {
        return new double[n];
    }

    @Override
    public double get(double[] x, int at) {
        return x[at];
    }

    @Override
    public void set(double[] x, int at, double value) {
        x[at] = value;
    }

    @Override
    public int largest(double[] x, int at, int n) {
        int best = 0;
        double most = Math.abs(x[at]);
        for (int i = 1; i < n; i++) {
            double size = Math.abs(x[at + i]);
            if (!(size <= most)) {
                if (Double.isNaN(most)) {
                    return best;
                }
                best = i;
                most = size;
            }
        }
        return best;
    }

    @Override
    public void divide(double[] x, int at, int n, double by) {
        double divisor = by;
        for (int i = at; i < at + n; i++) {
            x[i] /= divisor;
        }
    }

    @Override
    public void subtract(double[] x, int from, double[] y, int to, int n, double by) {
        double factor = by;
        for (int i = 0; i < n; i++) {
            y[to + i] -= factor * x[from + i];
        }
    }

    @Override
    public void swap(double[] x, int from, int to, int n) {
        for (int i = 0; i < n; i++) {
            double kept = x[from + i];
            x[from + i] = x[to + i];
            x[to + i] = kept;
        }
    }

    @Override
    public void copy(
            double[] from,
            int at,
            int down,
            int across,
            double[] to,
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
