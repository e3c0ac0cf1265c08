package dev.gamut.bench.peers.netlib;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.tensor.Tensor;
import dev.ludovic.netlib.blas.BLAS;

/** A function of the first level of the BLAS, called for each row. */
final class NetlibReduction implements Side {
    private final Row row;
    private final int length;
    private final double[] results;

    /** A function of the BLAS. */
    interface Row {
        /** The result for the row of a set that starts at an element. */
        double reduce(int set, int from);
    }

    NetlibReduction(ReduceProblem problem, Row row) {
        this.row = row;
        length = (int) problem.workload().k();
        results = new double[(int) problem.workload().m()];
    }

    static Row doubles(ReduceProblem problem, BLAS blas) throws Unavailable {
        int k = (int) problem.workload().k();
        double[][] x = new double[problem.sets()][];
        double[][] y = new double[problem.sets()][];
        boolean dot = problem.workload().op().equals("dot");
        for (int set = 0; set < x.length; set++) {
            x[set] = (double[]) problem.x(set).array();
            y[set] = dot ? (double[]) problem.y(set).array() : null;
        }
        return switch (problem.workload().op()) {
            case "dot" -> (set, from) -> blas.ddot(k, x[set], from, 1, y[set], from, 1);
            case "asum" -> (set, from) -> blas.dasum(k, x[set], from, 1);
            case "nrm2" -> (set, from) -> blas.dnrm2(k, x[set], from, 1);
            case "argamax" -> (set, from) -> blas.idamax(k, x[set], from, 1);
            default -> throw unavailable();
        };
    }

    static Row singles(ReduceProblem problem, BLAS blas) throws Unavailable {
        int k = (int) problem.workload().k();
        float[][] x = new float[problem.sets()][];
        float[][] y = new float[problem.sets()][];
        boolean dot = problem.workload().op().equals("dot");
        for (int set = 0; set < x.length; set++) {
            x[set] = (float[]) problem.x(set).array();
            y[set] = dot ? (float[]) problem.y(set).array() : null;
        }
        return switch (problem.workload().op()) {
            case "dot" -> (set, from) -> blas.sdot(k, x[set], from, 1, y[set], from, 1);
            case "asum" -> (set, from) -> blas.sasum(k, x[set], from, 1);
            case "nrm2" -> (set, from) -> blas.snrm2(k, x[set], from, 1);
            case "argamax" -> (set, from) -> blas.isamax(k, x[set], from, 1);
            default -> throw unavailable();
        };
    }

    private static Unavailable unavailable() {
        return new Unavailable("reduces by dot, asum, nrm2 and argamax only");
    }

    @Override
    public void run(int set) {
        for (int i = 0; i < results.length; i++) {
            results[i] = row.reduce(set, i * length);
        }
    }

    @Override
    public void result(Tensor into) {
        Operands.store(results, into);
    }
}
