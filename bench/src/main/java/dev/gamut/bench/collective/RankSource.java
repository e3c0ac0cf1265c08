package dev.gamut.bench.collective;

import dev.gamut.Communicators;
import java.util.OptionalInt;

/** Where ranks come from: threads of this process, or processes of which this one runs one. */
public interface RankSource {
    /** Threads, unless another number is asked for. */
    int THREADS = 2;

    /** Number of ranks. */
    int size();

    /** Whether this process runs the rank whose words count, rank 0. */
    boolean leads();

    /** Whether ranks share the memory of one process. */
    boolean isOneProcess();

    /** What a rank is, for people. */
    String describe(int rank);

    /**
     * Runs a body on the ranks of this process and waits for them.
     *
     * @param body what each does
     */
    void run(Communicators.Body body);

    /**
     * The ranks that were started, where this process is one of several; else threads.
     *
     * @param ranks how many; empty for those that were started, or {@value #THREADS} threads
     * @throws IllegalArgumentException if another number was started
     */
    static RankSource of(OptionalInt ranks) {
        return Communicators.launcher().isPresent() ? new RankProcesses(ranks) : new RankThreads(ranks.orElse(THREADS));
    }
}
