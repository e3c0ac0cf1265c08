package dev.gamut.bench.problem;

import dev.gamut.bench.machine.MachineCaches;

/** How many copies of a problem's operands a measurement rotates through. */
public final class Rotation {
    /** Share of the Java heap that one problem may take. */
    private static final double HEAP_SHARE = 0.35;

    private static final int MOST = 4_096;

    private Rotation() {}

    /**
     * Number of copies: for data in memory as many as take more than twice all caches that the
     * threads have between them; otherwise enough that
     * small problems do not sit in the first level, but half the second level at most.
     *
     * @param workload the shape
     * @param bytes what one copy takes
     * @param caches sizes
     * @param threads the most threads that a run uses
     */
    public static int copies(Workload workload, double bytes, MachineCaches caches, int threads) {
        double wanted;
        if (workload.fromMemory()) {
            wanted = 2.5 * caches.total(threads);
        } else {
            wanted = workload.batch() > 1
                    ? 0
                    : Math.max(2.0 * caches.core().l1(), caches.core().l2() / 2.0);
        }
        double affordable = Runtime.getRuntime().maxMemory() * HEAP_SHARE;
        double copies = workload.fromMemory() ? Math.ceil(wanted / bytes) : Math.floor(wanted / bytes);
        return (int) Math.clamp(Math.min(copies, affordable / bytes), 1, MOST);
    }

    /**
     * Whether one copy fits.
     *
     * @param bytes what it takes
     */
    public static boolean fits(double bytes) {
        return bytes < Runtime.getRuntime().maxMemory() * 0.5;
    }
}
