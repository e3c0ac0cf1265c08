package dev.gamut.vector.gemm;

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

    /** The table's sizes, or what the caches suggest where it has none: nc such that the block of B fills half of L2. */
    static Blocking of(Capabilities machine, Tuning tuning, KernelId id, int bytes, int mr, int nr) {
        long l2 = machine.caches().l2() / bytes;
        int nc = (int) tuning.get(machine, id, "nc", Math.clamp(l2 / 2 / KC, 128, 4096));
        int mc = (int) tuning.get(machine, id, "mc", 2048);
        return new Blocking(roundUp(mc, mr), roundUp(nc, nr));
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
