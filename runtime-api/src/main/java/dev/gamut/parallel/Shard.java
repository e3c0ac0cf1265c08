package dev.gamut.parallel;

/**
 * A rank's share of things that are numbered and shared out one after the other: the first n mod p ranks have one more than the rest.
 *
 * @param first number of its first one
 * @param count how many; 0 for the last ranks where there are fewer things than ranks
 */
public record Shard(long first, long count) {
    /**
     * The share of a rank.
     *
     * @param n things
     * @param ranks number of ranks
     * @param rank which
     * @return its share
     */
    public static Shard of(long n, int ranks, int rank) {
        if (n < 0 || ranks < 1 || rank < 0 || rank >= ranks) {
            throw new IllegalArgumentException("n is " + n + ", ranks " + ranks + ", rank " + rank
                    + "; n is at least 0 and rank from 0 to ranks - 1");
        }
        long each = n / ranks;
        long more = n % ranks;
        return new Shard(rank * each + Math.min(rank, more), each + (rank < more ? 1 : 0));
    }

    /**
     * How much each rank has.
     *
     * @param n things
     * @param ranks number of ranks
     * @return the count of each
     */
    public static long[] counts(long n, int ranks) {
        long[] counts = new long[ranks];
        for (int r = 0; r < ranks; r++) {
            counts[r] = of(n, ranks, r).count;
        }
        return counts;
    }

    /** One past its last. */
    public long end() {
        return first + count;
    }
}
