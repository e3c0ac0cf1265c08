package dev.gamut.placement;

import java.util.Arrays;

/**
 * How often tokens were routed to each expert, and to each two of them at once (co-activation): what experts are placed by. Old counts can
 * be made to fade, so that what is counted follows what is routed. Not thread-safe; ranks add theirs up by an all-reduce of {@link #counts}.
 */
public final class Activations {
    private static final int MOST = 4_096;

    private final int experts;
    /** Row-major; on the diagonal tokens of an expert, elsewhere those of two, in both triangles. */
    private final double[] counts;

    /**
     * Nothing counted yet.
     *
     * @param experts 1 to 4,096
     */
    public Activations(int experts) {
        this(experts, new double[square(experts)]);
    }

    private static int square(int experts) {
        if (experts < 1 || experts > MOST) {
            throw new IllegalArgumentException("experts is " + experts + "; allowed are 1 to " + MOST);
        }
        return experts * experts;
    }

    private Activations(int experts, double[] counts) {
        this.experts = experts;
        this.counts = counts;
    }

    /**
     * Counts that came from elsewhere, such as those of all ranks.
     *
     * @param experts their number
     * @param counts as {@link #counts} gives them, kept
     */
    public static Activations of(int experts, double[] counts) {
        if (counts.length != square(experts)) {
            throw new IllegalArgumentException("counts has " + counts.length + " numbers; of " + experts
                    + " experts there are " + square(experts));
        }
        for (double count : counts) {
            if (!(count >= 0) || count == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("count is " + count + ", must be at least 0 and finite");
            }
        }
        return new Activations(experts, counts.clone());
    }

    /** Number of experts. */
    public int experts() {
        return experts;
    }

    /**
     * Counts what tokens are routed to.
     *
     * @param routing for each token its experts, each once
     * @return this
     */
    public Activations add(int[][] routing) {
        for (int[] token : routing) {
            for (int expert : token) {
                if (expert < 0 || expert >= experts) {
                    throw new IllegalArgumentException(
                            "routing names expert " + expert + "; there are 0 to " + (experts - 1));
                }
                for (int other : token) {
                    counts[expert * experts + other]++;
                }
            }
        }
        return this;
    }

    /**
     * Makes what was counted count for less.
     *
     * @param factor 0 to 1
     * @return this
     */
    public Activations fade(double factor) {
        if (!(factor >= 0 && factor <= 1)) {
            throw new IllegalArgumentException("factor is " + factor + ", must be 0 to 1");
        }
        Arrays.setAll(counts, i -> counts[i] * factor);
        return this;
    }

    /**
     * Tokens that an expert got.
     *
     * @param expert from 0
     */
    public double tokens(int expert) {
        return counts[expert * experts + expert];
    }

    /**
     * Tokens that two experts both got.
     *
     * @param a from 0
     * @param b another one
     */
    public double together(int a, int b) {
        return counts[a * experts + b];
    }

    /** All counts, row-major, a copy: of an expert on the diagonal, of two elsewhere. */
    public double[] counts() {
        return counts.clone();
    }
}
