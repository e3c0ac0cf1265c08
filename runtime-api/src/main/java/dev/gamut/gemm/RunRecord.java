package dev.gamut.gemm;

import dev.gamut.kernel.KernelId;

/**
 * What one run did, where that depends on its data: filled by {@link GemmPlan#run(GemmArgs)} when the caller hands one
 * over. Reusable. Not thread-safe.
 */
public final class RunRecord {
    private KernelId kernel;
    private long nanos;
    private String detail = "";

    /** Empty until a run fills it. */
    public RunRecord() {}

    /**
     * Forgets the run before and notes who computes; called by the plan, also where there is nothing to compute.
     *
     * @param by the kernel
     */
    public void begin(KernelId by) {
        kernel = by;
        nanos = 0;
        detail = "";
    }

    /**
     * Notes who ran and for how long; called by the plan.
     *
     * @param by the kernel
     * @param elapsed nanoseconds
     */
    public void ran(KernelId by, long elapsed) {
        kernel = by;
        nanos = elapsed;
    }

    /**
     * Notes what the kernel chose for this data; called by the kernel.
     *
     * @param text for people
     */
    public void detail(String text) {
        detail = text;
    }

    /** The kernel that ran, or null before the first run. */
    public KernelId kernel() {
        return kernel;
    }

    /** Elapsed time of the run in nanoseconds, 0 where there was nothing to compute. */
    public long nanos() {
        return nanos;
    }

    /** What the kernel chose for this data, empty where nothing depends on it. */
    public String detail() {
        return detail;
    }

    @Override
    public String toString() {
        return kernel + ": " + nanos / 1e3 + " µs" + (detail.isEmpty() ? "" : ", " + detail);
    }
}
