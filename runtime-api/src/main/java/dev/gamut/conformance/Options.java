package dev.gamut.conformance;

/**
 * How thoroughly a kernel is tested.
 *
 * @param full whether all shapes meet rows and columns of all operands, other factors at random, besides every pair of values once
 * @param seed where random numbers start; every failure names it
 * @param oneIn how many of a rule's problems share one try: 1 tries them all; more try a sample of small ones, at least one
 *     a rule and another one for each kernel, for emulators, where a problem takes a hundred times as long
 */
public record Options(boolean full, long seed, int oneIn) {
    /** Seed of {@link #DEFAULT}: fixed, so that a build does not fail by chance. */
    public static final long SEED = 20_251_122;

    /** Pairwise, from the fixed seed. */
    public static final Options DEFAULT = new Options(false, SEED);

    /** Checks the sample. */
    public Options {
        if (oneIn < 1) {
            throw new IllegalArgumentException("oneIn is " + oneIn + "; it must be at least 1");
        }
    }

    /**
     * All problems.
     *
     * @param full whether all shapes meet all storage orders
     * @param seed where random numbers start
     */
    public Options(boolean full, long seed) {
        this(full, seed, 1);
    }

    /** The settings of the system properties {@code gamut.test.full}, {@code gamut.test.seed} and {@code gamut.test.one-in}. */
    public static Options ofProperties() {
        return new Options(
                Boolean.getBoolean("gamut.test.full"),
                Long.getLong("gamut.test.seed", SEED),
                Integer.getInteger("gamut.test.one-in", 1));
    }

    /** Whether only a sample is tried. */
    boolean isSample() {
        return oneIn > 1;
    }
}
