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
    public double[][] arrays(int count, int n) {
        return new double[count][n];
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
    public int largest(double[] x, int from, int to) {
        int best = from;
        double most = Math.abs(x[from]);
        for (int i = from + 1; i < to; i++) {
            double size = Math.abs(x[i]);
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
    public void divide(double[] x, int from, int to, double by) {
        double divisor = by;
        for (int i = from; i < to; i++) {
            x[i] /= divisor;
        }
    }

    @Override
    public void subtract(double[] y, int from, int to, double[][] x, double[] by, int count) {
        int done = 0;
        for (; done + 4 <= count; done += 4) {
            subtract(
                    y,
                    from,
                    to,
                    x[done],
                    by[done],
                    x[done + 1],
                    by[done + 1],
                    x[done + 2],
                    by[done + 2],
                    x[done + 3],
                    by[done + 3]);
        }
        for (; done < count; done++) {
            subtract(y, from, to, x[done], by[done]);
        }
    }

    /** Four at a time: y is read and written a quarter as often. */
    private static void subtract(
            double[] y,
            int from,
            int to,
            double[] x0,
            double by0,
            double[] x1,
            double by1,
            double[] x2,
            double by2,
            double[] x3,
            double by3) {
        for (int i = from; i < to; i++) {
            y[i] = y[i] - by0 * x0[i] - by1 * x1[i] - by2 * x2[i] - by3 * x3[i];
        }
    }

    private static void subtract(double[] y, int from, int to, double[] x, double by) {
        for (int i = from; i < to; i++) {
            y[i] -= by * x[i];
        }
    }

    @Override
    public double dot(double[] x, int at, double[] y, int from, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            s0 += x[at + i] * y[from + i];
            s1 += x[at + i + 1] * y[from + i + 1];
            s2 += x[at + i + 2] * y[from + i + 2];
            s3 += x[at + i + 3] * y[from + i + 3];
            s4 += x[at + i + 4] * y[from + i + 4];
            s5 += x[at + i + 5] * y[from + i + 5];
            s6 += x[at + i + 6] * y[from + i + 6];
            s7 += x[at + i + 7] * y[from + i + 7];
        }
        for (; i < n; i++) {
            s0 += x[at + i] * y[from + i];
        }
        return s0 + s4 + (s1 + s5) + (s2 + s6 + (s3 + s7));
    }

    @Override
    public void dots(double[] x, int at, int step, double[] y, int from, int n, double[] sums) {
        int second = at + step;
        int third = second + step;
        int fourth = third + step;
        double even0 = 0;
        double even1 = 0;
        double even2 = 0;
        double even3 = 0;
        double odd0 = 0;
        double odd1 = 0;
        double odd2 = 0;
        double odd3 = 0;
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            double even = y[from + i];
            double odd = y[from + i + 1];
            even0 += x[at + i] * even;
            odd0 += x[at + i + 1] * odd;
            even1 += x[second + i] * even;
            odd1 += x[second + i + 1] * odd;
            even2 += x[third + i] * even;
            odd2 += x[third + i + 1] * odd;
            even3 += x[fourth + i] * even;
            odd3 += x[fourth + i + 1] * odd;
        }
        if (i < n) {
            double last = y[from + i];
            even0 += x[at + i] * last;
            even1 += x[second + i] * last;
            even2 += x[third + i] * last;
            even3 += x[fourth + i] * last;
        }
        sums[0] = even0 + odd0;
        sums[1] = even1 + odd1;
        sums[2] = even2 + odd2;
        sums[3] = even3 + odd3;
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
    public void gather(double[] from, int at, int step, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = from[at + i * step];
        }
    }

    @Override
    public void scatter(double[] from, double[] to, int at, int step, int n) {
        for (int i = 0; i < n; i++) {
            to[at + i * step] = from[i];
        }
    }

    @Override
    public void scaled(double[] from, int at, int step, double by, double[] to, int first, int n) {
        for (int i = 0; i < n; i++) {
            to[first + i] = from[at + i * step] * by;
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
