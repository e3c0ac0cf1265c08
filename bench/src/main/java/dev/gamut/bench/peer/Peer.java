package dev.gamut.bench.peer;

import dev.gamut.bench.problem.ConvertProblem;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.bench.solve.LinearSystem;

/**
 * A library that users would take instead of Gamut. Peers are found with {@link java.util.ServiceLoader}; their
 * constructors take nothing and load nothing. A process opens a peer at most once.
 */
public interface Peer extends AutoCloseable {
    /** What C2 takes to reach the longest loops, minima among them. */
    double JIT_SECONDS = 1.2;

    /** For code that was compiled ahead: its pages, its buffers, and the JIT compiler's work on the calls. */
    double COMPILED_SECONDS = 0.4;

    /** Its name in the gate's table. */
    String name();

    /**
     * Loads the library and fixes its number of threads.
     *
     * @param threads to be used, exactly
     * @throws Unavailable if the library cannot run here or not on so many threads
     */
    void open(int threads) throws Unavailable;

    /** Version, the kernel it picked where it tells, and threads: what a ratio against it means. Asked after a run. */
    String describe();

    /**
     * Lays out a matrix product.
     *
     * @param problem filled with operands, which the peer copies or reads but does not change
     * @return ready to run
     * @throws Unavailable if the peer has nothing for these types, or this size, to offer
     */
    default Side gemm(GemmProblem problem) throws Unavailable {
        throw new Unavailable("has no matrix products");
    }

    /**
     * Lays out a reduction.
     *
     * @param problem filled with operands, which the peer copies or reads but does not change
     * @return ready to run
     * @throws Unavailable if the peer has no such reduction, or not for this type
     */
    default Side reduce(ReduceProblem problem) throws Unavailable {
        throw new Unavailable("has no reductions");
    }

    /**
     * Lays out a conversion.
     *
     * @param problem filled with operands, which the peer copies or reads but does not change
     * @return ready to run
     * @throws Unavailable if the peer does not convert these types
     */
    default Side convert(ConvertProblem problem) throws Unavailable {
        throw new Unavailable("has no conversions");
    }

    /**
     * Makes room for a system of linear equations.
     *
     * @param system which the peer copies in each run
     * @return ready to be solved
     * @throws Unavailable if the peer solves none
     */
    default SystemSide solve(LinearSystem system) throws Unavailable {
        throw new Unavailable("solves no linear systems");
    }

    /** Whether its results can be verified; a yardstick only moves the bytes, or does the operations, of a problem. */
    default boolean computes() {
        return true;
    }

    /** Seconds of running after which its code is as fast as it gets: those of the JIT compiler, unless the code has none. */
    default double warmUp() {
        return JIT_SECONDS;
    }

    /** Gives back what the peer holds; its sides must not run any more. */
    @Override
    default void close() {}
}
