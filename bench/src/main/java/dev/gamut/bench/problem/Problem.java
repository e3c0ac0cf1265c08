package dev.gamut.bench.problem;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.conformance.Report;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import dev.gamut.tensor.Tensor;

/**
 * A workload in one precision. Between {@link #fill} and {@link #release} it has random operands in memory: enough
 * copies of them that a run does not find what the run before it left in the cache, unless the workload wants just
 * that. Not thread-safe.
 */
public sealed interface Problem permits GemmProblem, ReduceProblem, ConvertProblem {
    /** The shape. */
    Workload workload();

    /** Operand types. */
    Precision precision();

    /** Type that terms are summed in. */
    DType accumulator();

    /** Type of the result. */
    DType result();

    /** Arithmetic operations of one run; an exponential counts as one. */
    double operations();

    /** Bytes that one run must move at least: each operand once. */
    double bytes();

    /**
     * Makes the operands.
     *
     * @param caches what they must not fit into, where they shall come from memory
     * @param threads the most threads that a run uses
     * @param seed where random numbers start
     */
    void fill(MachineCaches caches, int threads, long seed);

    /** Sets of operands in memory. */
    int sets();

    /** Where the result of the first set of operands goes. */
    Tensor out();

    /**
     * Compares {@link #out} with the exact result.
     *
     * @param allowed what it may be off by
     */
    Report check(ErrorBound allowed);

    /** What any conventional evaluation in the accumulator's arithmetic may be off by: (terms + 2) roundings. */
    ErrorBound conventional();

    /** Forgets the operands. */
    void release();

    /** Bytes that all copies occupy: decides in which cache level they live. */
    double footprint();

    /** What every kernel answers to it where native arithmetic is asked for. */
    default Explanation explain(Gamut gamut) {
        return explain(gamut, Accuracy.NATIVE);
    }

    /**
     * What every kernel answers to it.
     *
     * @param gamut asked
     * @param accuracy what is demanded of them
     */
    Explanation explain(Gamut gamut, Accuracy accuracy);

    /**
     * Binds the problem, once it is filled, to a kernel.
     *
     * @param gamut opened for that kernel alone
     */
    default Bound bind(Gamut gamut) {
        return bind(gamut, Accuracy.NATIVE);
    }

    /**
     * Binds the problem, once it is filled, to a kernel of some accuracy.
     *
     * @param gamut opened for the kernels that are meant
     * @param accuracy what is demanded of them
     */
    Bound bind(Gamut gamut, Accuracy accuracy);

    /** The problem of a workload in a precision. */
    static Problem of(Workload workload, Precision precision) {
        return switch (workload.op()) {
            case "gemm" -> new GemmProblem(workload, precision, false);
            case "convert" -> new ConvertProblem(workload, precision);
            default -> new ReduceProblem(workload, precision);
        };
    }

    /** A problem bound to a kernel. */
    interface Bound {
        /**
         * Computes once.
         *
         * @param set which set of operands to use, less than {@link #sets}
         */
        void run(int set);

        /** Computes once more into a result that was filled with something else, and compares with the exact one. */
        Report verify();

        /** The error that the kernel declares, over the sum of absolute terms. */
        double declared();

        /** Which kernel it is. */
        KernelId kernel();
    }
}
