package dev.gamut.bench.collective;

import dev.gamut.Communicators;

/** Where ranks come from: here threads of this process. Other sources run the body once, as this process's rank. */
public interface RankSource {
    /** Number of ranks. */
    int size();

    /** Whether this process runs the rank whose words count, rank 0. */
    boolean leads();

    /** What a rank is, for people. */
    String describe(int rank);

    /**
     * Runs a body on the ranks of this process and waits for them.
     *
     * @param body what each does
     */
    void run(Communicators.Body body);

    /**
     * Threads of this process.
     *
     * @param ranks 1 to 1024
     */
    static RankSource threads(int ranks) {
        return new RankSource() {
            @Override
            public int size() {
                return ranks;
            }

            @Override
            public boolean leads() {
                return true;
            }

            @Override
            public String describe(int rank) {
                return "process " + ProcessHandle.current().pid() + " thread gamut-rank-" + rank;
            }

            @Override
            public void run(Communicators.Body body) {
                Communicators.run(ranks, body);
            }
        };
    }
}
