package dev.gamut.placement;

import dev.gamut.dtype.DType;
import dev.gamut.topology.Resources;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * A piece of work that runs on one place. Immutable.
 *
 * @param name for people
 * @param weight share of a place's capacity that it needs, at least 0
 * @param memory bytes, at least 0
 * @param devices accelerators, at least 0
 * @param precisions types that its place must compute with
 * @param gang tasks of one gang run together or not at all, within reach of each other; -1 for a task on its own
 * @param isProtected whether a place is kept free for it, to go to when its own fails
 */
public record Task(
        String name, double weight, long memory, int devices, Set<DType> precisions, int gang, boolean isProtected) {
    /** Checks the numbers and copies the set. */
    public Task {
        Objects.requireNonNull(name, "name");
        if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("weight is " + weight + ", must be at least 0 and finite");
        }
        if (memory < 0 || memory > Resources.NO_LIMIT) {
            throw new IllegalArgumentException("memory is " + memory + " bytes, must be 0 to 2^53");
        }
        if (devices < 0) {
            throw new IllegalArgumentException("devices is " + devices + ", must be at least 0");
        }
        if (gang < -1) {
            throw new IllegalArgumentException("gang is " + gang + ", must be at least 0, or -1 for none");
        }
        Set<DType> copy = EnumSet.noneOf(DType.class);
        copy.addAll(precisions);
        precisions = Collections.unmodifiableSet(copy);
    }

    /**
     * A task that needs nothing but a share of a place.
     *
     * @param name for people
     * @param weight share of a place's capacity
     */
    public Task(String name, double weight) {
        this(name, weight, 0, 0, Set.of(), -1, false);
    }

    /**
     * The same task in a gang.
     *
     * @param number at least 0
     */
    public Task inGang(int number) {
        return new Task(name, weight, memory, devices, precisions, number, isProtected);
    }

    /**
     * The same task with other needs.
     *
     * @param bytes of memory
     * @param accelerators how many
     * @param types that its place must compute with
     */
    public Task needs(long bytes, int accelerators, DType... types) {
        return new Task(name, weight, bytes, accelerators, Set.of(types), gang, isProtected);
    }

    /** The same task with a backup. */
    public Task withBackup() {
        return new Task(name, weight, memory, devices, precisions, gang, true);
    }
}
