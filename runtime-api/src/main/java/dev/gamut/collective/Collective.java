package dev.gamut.collective;

import java.util.Locale;
import java.util.Set;

/**
 * What the ranks of a group do together. Every rank calls the same one in the same order; p is the number of ranks and
 * {@code from}, {@code to} the tensors each rank gives.
 */
public enum Collective {
    /** to of every rank = the combination of from of all ranks. */
    ALL_REDUCE(Trait.COMBINES),
    /** to of the root = the combination of from of all ranks. */
    REDUCE(Trait.COMBINES, Trait.ROOTED),
    /** to of every rank = from of the root. */
    BROADCAST(Trait.ROOTED),
    /** to of every rank = from of rank 0, then of rank 1, and so on. */
    ALL_GATHER(Trait.COLLECTS),
    /** to of rank r = part r of the combination of from of all ranks. */
    REDUCE_SCATTER(Trait.COMBINES, Trait.DEALS),
    /** Part s of to of rank r = part r of from of rank s. */
    ALL_TO_ALL(Trait.DEALS, Trait.COLLECTS),
    /** to of the root = from of rank 0, then of rank 1, and so on. */
    GATHER(Trait.ROOTED, Trait.COLLECTS),
    /** to of rank r = part r of from of the root. */
    SCATTER(Trait.ROOTED, Trait.DEALS),
    /** to of rank r = the combination of from of ranks 0 to r. */
    SCAN(Trait.COMBINES),
    /** No rank returns before all have called. */
    BARRIER();

    private enum Trait {
        COMBINES,
        ROOTED,
        DEALS,
        COLLECTS
    }

    private final Set<Trait> traits;

    Collective(Trait... traits) {
        this.traits = Set.of(traits);
    }

    /** Whether elements of several ranks become one. */
    public boolean combines() {
        return traits.contains(Trait.COMBINES);
    }

    /** Whether one rank, the root, is not like the others. */
    public boolean isRooted() {
        return traits.contains(Trait.ROOTED);
    }

    /** Whether from is made of parts, one for each rank. */
    public boolean dealsParts() {
        return traits.contains(Trait.DEALS);
    }

    /** Whether to is made of parts, one of each rank. */
    public boolean collectsParts() {
        return traits.contains(Trait.COLLECTS);
    }

    /** Whether each rank's part has a size of its own where the caller gives counts. */
    public boolean hasParts() {
        return dealsParts() || collectsParts();
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
