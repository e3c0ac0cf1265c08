package dev.gamut.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Solves A·d = r by GMRES in F64 (Y. Saad and M. H. Schultz, 1986), preconditioned on the right, where what the preconditioner made of each
 * vector of the basis is kept: the residual that is watched is that of A·d = r itself, and a preconditioner of low precision does not
 * keep d from the accuracy of F64 (M. Arioli and I. S. Duff, "Using FGMRES to obtain backward stability in mixed precision", 2009).
 *
 * @param a times a vector
 * @param preconditioner about the inverse of A times a vector
 */
record Gmres(UnaryOperator<double[]> a, UnaryOperator<double[]> preconditioner) {
    /**
     * What was reached.
     *
     * @param d the correction
     * @param steps products with A, and with the preconditioner
     */
    record Correction(double[] d, int steps) {}

    /**
     * Takes steps until the 2-norm of the residual is small enough, or no step makes it smaller.
     *
     * @param r not zero, of about the size of 1
     * @param enough the 2-norm to reach
     * @param most steps
     */
    Correction solve(double[] r, double enough, int most) {
        List<double[]> basis = new ArrayList<>();
        List<double[]> preconditioned = new ArrayList<>();
        List<double[]> triangle = new ArrayList<>(); // columns of what Givens rotations made of the Hessenberg matrix
        double[] cosines = new double[most];
        double[] sines = new double[most];
        double[] right = new double[most + 1];
        right[0] = norm(r);
        basis.add(scaled(r, 1 / right[0]));
        int steps = 0;
        while (steps < most && Math.abs(right[steps]) > enough) {
            double[] z = preconditioner.apply(basis.getLast());
            double[] w = a.apply(z);
            double[] column = new double[steps + 2];
            for (int i = 0; i <= steps; i++) { // modified Gram-Schmidt
                column[i] = dot(w, basis.get(i));
                subtract(w, column[i], basis.get(i));
            }
            double left = norm(w);
            column[steps + 1] = left;
            for (int i = 0; i < steps; i++) {
                double upper = cosines[i] * column[i] + sines[i] * column[i + 1];
                column[i + 1] = cosines[i] * column[i + 1] - sines[i] * column[i];
                column[i] = upper;
            }
            double size = Math.hypot(column[steps], left);
            if (!(size > 0) || Double.isInfinite(size)) {
                break; // the preconditioned matrix is singular as far as can be seen, or a number overflowed
            }
            cosines[steps] = column[steps] / size;
            sines[steps] = left / size;
            column[steps] = size;
            right[steps + 1] = -sines[steps] * right[steps];
            right[steps] *= cosines[steps];
            triangle.add(column);
            preconditioned.add(z);
            steps++;
            if (left == 0) {
                break; // the solution lies in what the basis spans
            }
            basis.add(scaled(w, 1 / left));
        }
        return new Correction(combined(triangle, right, preconditioned, r.length), steps);
    }

    /** The combination of vectors whose residual is least. */
    private static double[] combined(List<double[]> triangle, double[] right, List<double[]> vectors, int n) {
        double[] d = new double[n];
        for (int j = triangle.size() - 1; j >= 0; j--) {
            double y = right[j] / triangle.get(j)[j];
            for (int i = 0; i < j; i++) {
                right[i] -= y * triangle.get(j)[i];
            }
            subtract(d, -y, vectors.get(j));
        }
        return d;
    }

    private static double[] scaled(double[] x, double by) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * by;
        }
        return y;
    }

    private static void subtract(double[] y, double by, double[] x) {
        for (int i = 0; i < y.length; i++) {
            y[i] -= by * x[i];
        }
    }

    private static double dot(double[] x, double[] y) {
        return F64Runs.INSTANCE.dot(x, 0, y, 0, x.length);
    }

    private static double norm(double[] x) {
        return Math.sqrt(dot(x, x));
    }
}
