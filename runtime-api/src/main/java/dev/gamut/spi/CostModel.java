package dev.gamut.spi;

import dev.gamut.kernel.KernelId;

/**
 * The constants of one kernel on one machine, and how many threads work pays for. Times are in cycles of the nominal
 * clock, so that constants carry over between machines of a kind. Immutable.
 *
 * @param context machine, tuning and threads
 * @param id the kernel
 * @param vectorBits width of the vectors that the kernel computes with, those of one element where it has none
 */
public record CostModel(OfferContext context, KernelId id, int vectorBits) {
    /** Multiplications and additions of two fused multiply-adds: what one lane does in a cycle at best. */
    private static final double FLOPS_PER_LANE = 4;

    /**
     * A constant of the tuning table. There are no values here to fall back on: a provider's table ends with lines for all
     * machines.
     *
     * @param constant its name
     * @return its value
     * @throws IllegalStateException where no line of the table has it
     */
    public double get(String constant) {
        double value = context.tuning().get(context.machine(), id, constant, Double.NaN);
        if (Double.isNaN(value)) {
            throw new IllegalStateException("the tuning table has no '" + constant + "' for " + id);
        }
        return value;
    }

    /** A constant that something is divided by. */
    private double rate(String constant) {
        double value = get(constant);
        if (value == 0) {
            throw new IllegalArgumentException(
                    "the tuning table says that '" + constant + "' of " + id + " is 0; it must be above 0");
        }
        return value;
    }

    /**
     * Seconds for a number of cycles.
     *
     * @param cycles of the constant {@code ghz}
     * @return the time they take
     */
    public double seconds(double cycles) {
        return cycles / (rate("ghz") * 1e9);
    }

    /** Accumulators of a product in a vector. */
    public int lanes() {
        return vectorBits / id.types().get(2).bits();
    }

    /**
     * Floating-point operations in a cycle: a share of two fused multiply-adds on whole vectors.
     *
     * @param share name of the constant that says which share
     * @return operations, a fused multiply-add counted as two
     */
    public double peak(String share) {
        return rate(share) * FLOPS_PER_LANE * lanes();
    }

    /**
     * Threads that work of so many cycles pays for.
     *
     * @param cycles on one thread
     * @return at least 1, at most the context's
     */
    public int threads(double cycles) {
        return (int) Math.clamp(cycles / rate("cycles_per_thread"), 1, context.threads());
    }

    /**
     * Threads that so many operations pay for. They are counted at the machine's peak, not at the kernel's own rate, or
     * a slow kernel would look fast by being worth more threads.
     *
     * @param flops operations of the whole problem
     * @return at least 1, at most the context's
     */
    public int threadsFor(double flops) {
        return threads(flops / (FLOPS_PER_LANE * lanes()));
    }

    /**
     * Cycles that starting threads costs.
     *
     * @param threads how many take part
     * @return 0 for one
     */
    public double forkCycles(int threads) {
        return threads > 1 ? get("fork_cycles") : 0;
    }
}
