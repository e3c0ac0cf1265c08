package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceOp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner loops of compensated sums in F64. Each lane is a pair: a sum, and the sum of all rounding errors that were made in it,
 * which {@code a + b = s + e} gives exactly (T. Ogita, S. M. Rump and S. Oishi, "Accurate sum and dot product", SIAM J. Sci.
 * Comput. 26 (2005), algorithms 3.1 TwoSum, 3.3 TwoProduct, 4.4 Sum2 and 5.3 Dot2). At the end of a loop the pair is joined and
 * split anew, so that errors of errors do not grow with the number of loops.
 *
 * <p>An error is written (b - d) - ((s - d) - a) rather than (a - (s - d)) + (b - d), which is the same to the last bit, so that no method is
 * called on a variable of the loop. Seven additions a term: what memory delivers they keep up with, one vector at a time, since three of the seven form the only
 * chain that is longer than one addition a term.
 */
final class Pairs {
    private static final VectorSpecies<Double> S = Shapes.F64;

    /** Lanes of a vector. */
    static final int L = S.length();

    private Pairs() {}

    /**
     * Adds rows of terms to neighbouring columns: term r of column c of x is at {@code xAt + r·xStep + c}.
     *
     * @param op SUM, ASUM or DOT
     * @param rows terms of each column
     * @param cols columns
     * @param pairs sums, from {@code at} on
     * @param apart elements from a sum to its errors
     */
    static void add(
            ReduceOp op,
            int rows,
            int cols,
            double[] x,
            int xAt,
            int xStep,
            double[] y,
            int yAt,
            int yStep,
            double[] pairs,
            int at,
            int apart) {
        int c = 0;
        for (; c <= cols - L; c += L) {
            switch (op) {
                case DOT -> dot(rows, x, xAt + c, xStep, y, yAt + c, yStep, pairs, at + c, apart);
                case ASUM -> asum(rows, x, xAt + c, xStep, pairs, at + c, apart);
                default -> sum(rows, x, xAt + c, xStep, pairs, at + c, apart);
            }
        }
        for (; c < cols; c++) {
            for (int r = 0; r < rows; r++) {
                double term = x[xAt + c + r * xStep];
                if (op == ReduceOp.DOT) {
                    double other = y[yAt + c + r * yStep];
                    double product = term * other;
                    add(product, Math.fma(term, other, -product), pairs, at + c, apart);
                } else {
                    add(op == ReduceOp.ASUM ? Math.abs(term) : term, 0, pairs, at + c, apart);
                }
            }
        }
        settle(pairs, at, cols, apart);
    }

    /** Adds a number and its error to one pair. */
    static void add(double term, double error, double[] pairs, int at, int apart) {
        double sum = pairs[at];
        double t = sum + term;
        double d = t - sum;
        pairs[at] = t;
        pairs[at + apart] += error + ((sum - (t - d)) + (term - d));
    }

    /** Joins and splits pairs; where a sum is infinite or NaN its errors mean nothing. */
    static void settle(double[] pairs, int at, int count, int apart) {
        for (int i = at; i < at + count; i++) {
            double error = Double.isFinite(pairs[i + apart]) ? pairs[i + apart] : 0;
            pairs[i + apart] = 0;
            add(error, 0, pairs, i, apart);
        }
    }

    private static void sum(int rows, double[] x, int xAt, int xStep, double[] pairs, int at, int apart) {
        DoubleVector s = DoubleVector.fromArray(S, pairs, at);
        DoubleVector e = DoubleVector.fromArray(S, pairs, at + apart);
        for (int r = 0, i = xAt; r < rows; r++, i += xStep) {
            DoubleVector v = DoubleVector.fromArray(S, x, i);
            DoubleVector t = v.add(s);
            DoubleVector d = t.sub(s);
            e = v.sub(d).sub(t.sub(d).sub(s)).add(e);
            s = t;
        }
        Shapes.F64_CLASS.cast(s).intoArray(pairs, at);
        Shapes.F64_CLASS.cast(e).intoArray(pairs, at + apart);
    }

    private static void asum(int rows, double[] x, int xAt, int xStep, double[] pairs, int at, int apart) {
        DoubleVector s = DoubleVector.fromArray(S, pairs, at);
        DoubleVector e = DoubleVector.fromArray(S, pairs, at + apart);
        for (int r = 0, i = xAt; r < rows; r++, i += xStep) {
            DoubleVector v = DoubleVector.fromArray(S, x, i).abs();
            DoubleVector t = v.add(s);
            DoubleVector d = t.sub(s);
            e = v.sub(d).sub(t.sub(d).sub(s)).add(e);
            s = t;
        }
        Shapes.F64_CLASS.cast(s).intoArray(pairs, at);
        Shapes.F64_CLASS.cast(e).intoArray(pairs, at + apart);
    }

    private static void dot(
            int rows,
            double[] x,
            int xAt,
            int xStep,
            double[] y,
            int yAt,
            int yStep,
            double[] pairs,
            int at,
            int apart) {
        DoubleVector s = DoubleVector.fromArray(S, pairs, at);
        DoubleVector e = DoubleVector.fromArray(S, pairs, at + apart);
        for (int r = 0, i = xAt, j = yAt; r < rows; r++, i += xStep, j += yStep) {
            DoubleVector v = DoubleVector.fromArray(S, x, i);
            DoubleVector w = DoubleVector.fromArray(S, y, j);
            DoubleVector p = v.mul(w);
            DoubleVector q = v.fma(w, p.neg());
            DoubleVector t = p.add(s);
            DoubleVector d = t.sub(s);
            e = q.add(p.sub(d).sub(t.sub(d).sub(s))).add(e);
            s = t;
        }
        Shapes.F64_CLASS.cast(s).intoArray(pairs, at);
        Shapes.F64_CLASS.cast(e).intoArray(pairs, at + apart);
    }
}
