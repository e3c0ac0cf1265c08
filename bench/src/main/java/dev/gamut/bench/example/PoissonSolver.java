package dev.gamut.bench.example;

import dev.gamut.Gamut;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.dtype.DType;
import dev.gamut.io.Npy;
import dev.gamut.parallel.CheckpointedRun;
import dev.gamut.parallel.CheckpointedWork;
import dev.gamut.parallel.GlobalSum;
import dev.gamut.parallel.Shard;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Solves Poisson's equation on a square by conjugate gradients (Hestenes and Stiefel 1952): -∆u = f with u = 0 on the boundary, by differences of
 * five points, on n×n unknowns whose rows are shared out among the ranks. A step is an iteration: ranks tell their neighbours the rows at
 * their edges, and inner products have the bits that one rank would get ({@link GlobalSum}). So any number of ranks comes to the same u.
 */
public final class PoissonSolver implements CheckpointedWork {
    /** Messages to the rank before and to the one after. */
    private static final int UP = 0;

    private static final int DOWN = 1;

    private final Communicator ranks;
    private final GlobalSum sum;
    private final int n;
    private final Shard rows;
    private final Path result;
    private final double[] u;
    private final double[] residual;
    private final double[] direction;
    private final double[] products;
    private final double[] image;
    /** The squared norm of the residual. */
    private final double[] rho = new double[1];

    private final double[] above;
    private final double[] below;

    private PoissonSolver(Gamut gamut, Communicator ranks, int n, Path result) {
        if (n < ranks.size()) {
            throw new IllegalArgumentException(
                    "n is " + n + "; it must be at least the number of ranks, " + ranks.size());
        }
        this.ranks = ranks;
        this.n = n;
        this.result = result;
        sum = new GlobalSum(gamut, ranks);
        rows = Shard.of(n, ranks.size(), ranks.rank());
        int own = Math.toIntExact(rows.count() * n);
        u = new double[own];
        residual = new double[own];
        direction = new double[own];
        products = new double[own];
        image = new double[own];
        above = new double[n];
        below = new double[n];
        for (int i = 0; i < own; i++) { // f is a source in one corner and a sink in the other
            long row = rows.first() + i / n;
            long column = i % n;
            residual[i] = row < n / 4 && column < n / 4 ? 1 : row >= n - n / 4 && column >= n - n / 4 ? -1 : 0;
        }
        System.arraycopy(residual, 0, direction, 0, own);
        rho[0] = dot(residual, residual);
    }

    private double dot(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            products[i] = x[i] * y[i];
        }
        return sum.of(Tensor.of(products, products.length));
    }

    @Override
    public Map<String, dev.gamut.io.Shard> state() {
        return Map.of(
                "u", part(u),
                "residual", part(residual),
                "direction", part(direction),
                "rho", dev.gamut.io.Shard.whole(Tensor.of(rho, 1)));
    }

    private dev.gamut.io.Shard part(double[] x) {
        return dev.gamut.io.Shard.along(Tensor.of(x, rows.count(), n), 0, rows.first(), n);
    }

    /** Improves u. */
    @Override
    public void step(long step) {
        if (rho[0] == 0) {
            return;
        }
        exchange();
        apply();
        double alpha = rho[0] / dot(direction, image);
        for (int i = 0; i < u.length; i++) {
            u[i] += alpha * direction[i];
            residual[i] -= alpha * image[i];
        }
        double next = dot(residual, residual);
        double beta = next / rho[0];
        for (int i = 0; i < u.length; i++) {
            direction[i] = residual[i] + beta * direction[i];
        }
        rho[0] = next;
    }

    /** Rows of the direction beyond this rank's; beyond the first and the last one they stay 0. */
    private void exchange() {
        int last = direction.length - n;
        List<Request> all = new ArrayList<>();
        if (ranks.rank() > 0) {
            all.add(ranks.startReceive(Tensor.of(above, n), ranks.rank() - 1, DOWN));
            all.add(ranks.startSend(row(0), ranks.rank() - 1, UP));
        }
        if (ranks.rank() < ranks.size() - 1) {
            all.add(ranks.startReceive(Tensor.of(below, n), ranks.rank() + 1, UP));
            all.add(ranks.startSend(row(last), ranks.rank() + 1, DOWN));
        }
        all.forEach(Request::await);
    }

    private Tensor row(int first) {
        return Tensor.of(direction, DType.F64, Layout.rowMajor(n), first);
    }

    /** image = A·direction, A having 4 for a point and -1 for each of its neighbours. */
    private void apply() {
        int end = direction.length;
        for (int i = 0; i < end; i++) {
            int column = i % n;
            double up = i < n ? above[column] : direction[i - n];
            double down = i + n < end ? direction[i + n] : below[column];
            double left = column == 0 ? 0 : direction[i - 1];
            double right = column == n - 1 ? 0 : direction[i + 1];
            image[i] = 4 * direction[i] - up - down - left - right;
        }
    }

    @Override
    public void finish() throws IOException {
        long[] counts = Shard.counts(n, ranks.size());
        Arrays.setAll(counts, rank -> counts[rank] * n);
        Tensor own = Tensor.of(u, u.length);
        Tensor whole = ranks.rank() == 0 ? Tensor.zeros(DType.F64, (long) n * n) : own;
        ranks.run(CollectiveCall.gather(own, whole, counts, 0));
        if (ranks.rank() == 0) {
            Npy.write(result, Tensor.of((double[]) whole.array(), n, n));
            System.out.printf("the residual's norm is %.3g%n", Math.sqrt(rho[0]));
        }
    }

    /**
     * Solves on the ranks that were started, from the last checkpoint on.
     *
     * @param arguments n, the number of iterations, and the .npy file for u
     */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("usage: PoissonSolver N ITERATIONS RESULT.npy");
            System.exit(2);
        }
        int n = Integer.parseInt(arguments[0]);
        Path result = Path.of(arguments[2]);
        try (Gamut gamut = Gamut.open()) {
            CheckpointedRun.supervised()
                    .copies(2)
                    .run(Long.parseLong(arguments[1]), ranks -> new PoissonSolver(gamut, ranks, n, result));
        }
    }
}
