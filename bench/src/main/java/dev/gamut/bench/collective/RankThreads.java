package dev.gamut.bench.collective;

import dev.gamut.Communicators;

/**
 * Threads of this process.
 *
 * @param size number of ranks
 */
record RankThreads(int size) implements RankSource {
    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public boolean isOneProcess() {
        return true;
    }

    @Override
    public String describe(int rank) {
        return "process " + ProcessHandle.current().pid() + " thread gamut-rank-" + rank;
    }

    @Override
    public void run(Communicators.Body body) {
        Communicators.threads(size, body);
    }
}
