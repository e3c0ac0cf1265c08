package dev.gamut.bench.gate;

/** How many places to read at once: what memory serves fastest differs from machine to machine and level to level. */
final class StreamCount {
    private static final double TRY_SECONDS = 0.1;

    private StreamCount() {}

    /** Reads one set of operands. */
    interface Reading {
        /**
         * Reads.
         *
         * @param streams places to read at once
         * @param set which operands
         */
        void run(int streams, int set);
    }

    /**
     * Tries some counts.
     *
     * @param counts what to choose from
     * @param sets of operands, each try reads all of them
     * @param reading what to time
     * @return the one whose best time was the least
     */
    static int fastest(int[] counts, int sets, Reading reading) {
        int best = counts[0];
        double bestSeconds = Double.POSITIVE_INFINITY;
        for (int count : counts) {
            double seconds = Double.POSITIVE_INFINITY;
            long start = System.nanoTime();
            while (System.nanoTime() - start < TRY_SECONDS * 1e9) {
                long before = System.nanoTime();
                for (int set = 0; set < sets; set++) {
                    reading.run(count, set);
                }
                seconds = Math.min(seconds, (System.nanoTime() - before) / 1e9);
            }
            if (seconds < bestSeconds) {
                bestSeconds = seconds;
                best = count;
            }
        }
        return best;
    }
}
