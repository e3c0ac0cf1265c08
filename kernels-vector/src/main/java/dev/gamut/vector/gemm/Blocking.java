package dev.gamut.vector.gemm;

import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Tuning;

/**
 * Block sizes of a packed GEMM: a block of B (KC × nc) stays in L2 while every panel of A passes over it, one panel of
 * A (MR × KC) stays in L1 while it passes over that block, and mc says how many rows share one packing of B.
 *
 * @param mc rows of A packed at a time, a multiple of MR
 * @param nc columns of B packed at a time, a multiple of NR
 */
record Blocking(int mc, int nc) {
    /**
     * Depth of a block, that of {@link dev.gamut.accuracy.EvaluationOrder#FMA_KC256}: depths of 192 to 384 are within some
     * percent of each other, so the one that gives the same bits everywhere is taken everywhere.
     */
    static final int KC = 256;

    /** Fewest columns and most that a cache suggests: below, C is read and written too often; above, nothing is gained. */
    private static final int FEWEST_COLUMNS = 64;

    private static final int MOST_COLUMNS = 4096;

    /** The same for rows, for each {@link #MOST_ROWS} of which B is packed once more; 512 measured 0.95 of 2048. */
    private static final int FEWEST_ROWS = 512;

    private static final int MOST_ROWS = 2048;

    private static final int LARGEST = 1 << 20;

    /**
     * The table's sizes, or what the caches suggest where it has none: the block of B fills half of L2, the block of A half of
     * the last level.
     */
    static Blocking of(Capabilities machine, Tuning tuning, KernelId id, int bytes, int mr, int nr) {
        CacheTopology caches = machine.caches();
        double nc = tuning.get(machine, id, "nc", fitting(caches.l2(), bytes, FEWEST_COLUMNS, MOST_COLUMNS));
        long last = Math.max(caches.l2(), caches.l3());
        double mc = tuning.get(machine, id, "mc", fitting(last, bytes, FEWEST_ROWS, MOST_ROWS));
        return new Blocking(block(mc, mr), block(nc, nr));
    }

    /** Whole tiles, at least one, and no more than an array holds {@link #KC} deep, whatever a table says. */
    private static int block(double size, int multiple) {
        return roundUp((int) Math.clamp(size, 1, LARGEST), multiple);
    }

    /** Rows or columns of a block that takes half of a cache. */
    private static int fitting(long cache, int bytes, int fewest, int most) {
        return Math.clamp(cache / 2 / bytes / KC, fewest, most);
    }

    /** The largest block size up to {@code limit} that cuts {@code extent} into blocks of about equal size. */
    static int even(long extent, int limit, int multiple) {
        long blocks = Math.max(1, (extent + limit - 1) / limit);
        return Math.clamp(roundUp((extent + blocks - 1) / blocks, multiple), multiple, limit);
    }

    private static long roundUp(long value, int multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }

    static int roundUp(int value, int multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }
}
