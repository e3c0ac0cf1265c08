package dev.gamut.hw;

/**
 * Data cache sizes as one core sees them, in bytes. Immutable.
 *
 * @param l1 first level data cache of a core
 * @param l2 second level cache of a core
 * @param l3 last level cache, shared; 0 where there is none
 */
public record CacheTopology(long l1, long l2, long l3) {
    /** A modest machine, used where nothing can be discovered. */
    public static final CacheTopology DEFAULT = new CacheTopology(32 << 10, 1 << 20, 16 << 20);

    /** Checks the sizes. */
    public CacheTopology {
        if (l1 <= 0 || l2 <= 0 || l3 < 0) {
            throw new IllegalArgumentException(
                    "cache sizes are " + l1 + ", " + l2 + ", " + l3 + "; L1 and L2 must be above 0, L3 at least 0");
        }
    }
}
