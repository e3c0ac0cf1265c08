package dev.gamut.vector.gemm;

import dev.gamut.kernel.KernelId;
import dev.gamut.spi.OfferContext;

/**
 * The constants of one kernel on one machine, and how many threads work pays for. Times are in cycles of the nominal
 * clock, so that constants carry over between machines of a kind.
 *
 * @param context machine, tuning and threads
 * @param id the kernel
 */
record Model(OfferContext context, KernelId id) {
    /**
     * A constant. There are no values here to fall back on: the table ends with lines for all machines.
     *
     * @throws IllegalStateException where no line of the table has it
     */
    double get(String constant) {
        double value = context.tuning().get(context.machine(), id, constant, Double.NaN);
        if (Double.isNaN(value)) {
            throw new IllegalStateException("the tuning table has no '" + constant + "' for " + id);
        }
        return value;
    }

    /** Seconds for a number of cycles. */
    double seconds(double cycles) {
        return cycles / (get("ghz") * 1e9);
    }

    /** Accumulators in a vector. */
    int lanes() {
        return context.machine().lanes(id.types().get(2).bits());
    }

    /** Floating-point operations in a cycle: a share of two fused multiply-adds on whole vectors. */
    double peak(String share) {
        return get(share) * 4 * lanes();
    }

    /** Threads that work of so many cycles pays for. */
    int threads(double cycles) {
        return (int) Math.clamp(cycles / get("cycles_per_thread"), 1, context.threads());
    }

    /**
     * Threads that so many operations pay for. They are counted at the machine's peak, not at the kernel's own rate, or
     * a slow kernel would look fast by being worth more threads.
     */
    int threadsFor(double flops) {
        return threads(flops / (4 * lanes()));
    }

    /** What starting that many threads costs. */
    double forkCycles(int threads) {
        return threads > 1 ? get("fork_cycles") : 0;
    }
}
