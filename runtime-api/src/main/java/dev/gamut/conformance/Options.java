package dev.gamut.conformance;

/**
 * How thoroughly a kernel is tested.
 *
 * @param full whether small shapes run the cross product of all factors; otherwise every pair of values occurs once
 * @param seed where random numbers start; every failure names it
 */
public record Options(boolean full, long seed) {
    /** Seed of {@link #DEFAULT}: fixed, so that a build does not fail by chance. */
    public static final long SEED = 20_251_122;

    /** Pairwise, from the fixed seed. */
    public static final Options DEFAULT = new Options(false, SEED);

    /** The settings of the system properties {@code gamut.full} and {@code gamut.seed}. */
    public static Options ofProperties() {
        return new Options(Boolean.getBoolean("gamut.full"), Long.getLong("gamut.seed", SEED));
    }
}
