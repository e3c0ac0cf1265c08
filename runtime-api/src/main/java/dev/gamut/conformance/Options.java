package dev.gamut.conformance;

/**
 * How thoroughly a kernel is tested.
 *
 * @param full whether all shapes meet all storage orders, other factors at random, instead of every pair of values once
 * @param seed where random numbers start; every failure names it
 */
public record Options(boolean full, long seed) {
    /** Seed of {@link #DEFAULT}: fixed, so that a build does not fail by chance. */
    public static final long SEED = 20_251_122;

    /** Pairwise, from the fixed seed. */
    public static final Options DEFAULT = new Options(false, SEED);

    /** The settings of the system properties {@code gamut.test.full} and {@code gamut.test.seed}. */
    public static Options ofProperties() {
        return new Options(Boolean.getBoolean("gamut.test.full"), Long.getLong("gamut.test.seed", SEED));
    }
}
