package dev.gamut.topology;

import dev.gamut.dtype.DType;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What one place (a domain of the lowest level) can carry. Immutable.
 *
 * @param capacity weight of the tasks that it can run, above 0; a place that is twice as fast has twice of it
 * @param memory bytes, at least 0 and at most {@link #NO_LIMIT}
 * @param devices accelerators, at least 0
 * @param precisions types that it computes with
 */
public record Resources(double capacity, long memory, int devices, Set<DType> precisions) {
    /** More memory than any place has; sums of bytes up to it are exact as doubles. */
    public static final long NO_LIMIT = 1L << 53;

    /** Of a place about which nothing is said. */
    public static final Resources DEFAULT = new Resources(1, NO_LIMIT, 0, EnumSet.allOf(DType.class));

    /** Checks the numbers and copies the set. */
    public Resources {
        if (!(capacity > 0) || capacity == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must be above 0 and finite");
        }
        if (memory < 0 || memory > NO_LIMIT) {
            throw new IllegalArgumentException("memory is " + memory + " bytes, must be 0 to 2^53");
        }
        if (devices < 0) {
            throw new IllegalArgumentException("devices is " + devices + ", must be at least 0");
        }
        Set<DType> copy = EnumSet.noneOf(DType.class);
        copy.addAll(precisions);
        precisions = Collections.unmodifiableSet(copy);
    }
}
