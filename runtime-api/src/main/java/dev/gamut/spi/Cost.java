package dev.gamut.spi;

import java.util.Locale;

/**
 * Predicted time of an operation in seconds, by cause. Only the order of sums matters to the dispatcher.
 *
 * @param arithmetic operations at the kernel's sustained rate
 * @param memory bytes that arithmetic cannot hide
 * @param packing laying out operands, conversion included
 * @param launch what a call costs before it computes anything, threads included
 * @param transfer moving operands to and from a device
 */
public record Cost(double arithmetic, double memory, double packing, double launch, double transfer) {
    /** Checks that every part is a number of at least 0. */
    public Cost {
        if (!(arithmetic >= 0 && memory >= 0 && packing >= 0 && launch >= 0 && transfer >= 0)) {
            throw new IllegalArgumentException("cost parts must be at least 0, not " + arithmetic + ", " + memory + ", "
                    + packing + ", " + launch + ", " + transfer);
        }
    }

    /** The whole predicted time. */
    public double seconds() {
        return arithmetic + memory + packing + launch + transfer;
    }

    /**
     * This cost and another one after it.
     *
     * @param other what follows
     * @return the sum by cause
     */
    public Cost plus(Cost other) {
        return new Cost(
                arithmetic + other.arithmetic,
                memory + other.memory,
                packing + other.packing,
                launch + other.launch,
                transfer + other.transfer);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3g s", seconds());
    }
}
