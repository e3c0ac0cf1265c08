package dev.gamut.collective;

import java.util.Locale;

/**
 * What the ranks of a group do together. Every rank calls the same one in the same order; p is the number of ranks and
 * {@code from}, {@code to} the tensors each rank gives.
 */
public enum Collective {
    /** to of every rank = the combination of from of all ranks. */
    ALL_REDUCE(true, false),
    /** to of the root = the combination of from of all ranks. */
    REDUCE(true, true),
    /** to of every rank = from of the root. */
    BROADCAST(false, true),
    /** to of every rank = from of rank 0, then of rank 1, and so on. */
    ALL_GATHER(false, false),
    /** to of rank r = part r of the combination of from of all ranks. */
    REDUCE_SCATTER(true, false),
    /** Part s of to of rank r = part r of from of rank s. */
    ALL_TO_ALL(false, false),
    /** to of the root = from of rank 0, then of rank 1, and so on. */
    GATHER(false, true),
    /** to of rank r = part r of from of the root. */
    SCATTER(false, true),
    /** to of rank r = the combination of from of ranks 0 to r. */
    SCAN(true, false),
    /** No rank returns before all have called. */
    BARRIER(false, false);

    private final boolean combines;
    private final boolean rooted;

    Collective(boolean combines, boolean rooted) {
        this.combines = combines;
        this.rooted = rooted;
    }

    /** Whether elements of several ranks become one. */
    public boolean combines() {
        return combines;
    }

    /** Whether one rank, the root, is not like the others. */
    public boolean isRooted() {
        return rooted;
    }

    /** Whether each rank's part has a size of its own where the caller gives counts. */
    public boolean hasParts() {
        return switch (this) {
            case ALL_GATHER, REDUCE_SCATTER, ALL_TO_ALL, GATHER, SCATTER -> true;
            case ALL_REDUCE, REDUCE, BROADCAST, SCAN, BARRIER -> false;
        };
    }

    /** The name in reports and command lines, for example {@code all_reduce}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The collective that a name stands for.
     *
     * @param id as {@link #id} gives it, underscores optional
     * @return the collective
     */
    public static Collective parse(String id) {
        for (Collective each : values()) {
            if (each.id().equals(id) || each.id().replace("_", "").equals(id)) {
                return each;
            }
        }
        throw new IllegalArgumentException("collective is '" + id + "', must be one of "
                + java.util.Arrays.stream(values()).map(Collective::id).toList());
    }
}
