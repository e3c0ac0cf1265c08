package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceDesc;

/**
 * How a reduction is cut into tasks: ranges of units, or, where there are few and long ones, groups of blocks of one
 * unit after the other. Depends on sizes and the number of threads, not on timing; a group is an aligned power of two
 * of blocks and so a complete subtree of the order tree64, whose bits do not depend on it.
 *
 * @param byUnits whether tasks are ranges of units
 * @param tasks how many, at least 1
 * @param share units, or blocks, of a task
 */
record Schedule(boolean byUnits, int tasks, long share) {
    /** Tasks for each thread, so that a thread that is held up does not hold up the rest for long. */
    private static final int TASKS_PER_THREAD = 4;

    /**
     * A schedule.
     *
     * @param desc what to reduce
     * @param geometry where its terms lie
     * @param threads threads that may be used
     * @param least terms that are worth a task of their own
     */
    static Schedule of(ReduceDesc desc, Geometry geometry, int threads, double least) {
        double unitTerms = (double) geometry.terms() * geometry.maxColumns();
        double worthwhile = Math.max(1, geometry.units() * unitTerms / least);
        // Neighbouring results of 4 bits share a byte, which two tasks must not write.
        boolean shares = desc.result().isSubByte() && geometry.units() > 1;
        int tasks = threads == 1 || shares ? 1 : (int) Math.min(threads * (double) TASKS_PER_THREAD, worthwhile);
        if (tasks == 1 || geometry.units() >= tasks || unitTerms < 2 * least) {
            long share = Math.max(1, (geometry.units() + tasks - 1) / tasks);
            return new Schedule(true, (int) Math.max(1, (geometry.units() + share - 1) / share), share);
        }
        long share = Math.max(1, Long.highestOneBit((geometry.blocks() + tasks - 1) / tasks * 2 - 1));
        return new Schedule(false, (int) ((geometry.blocks() + share - 1) / share), share);
    }
}
