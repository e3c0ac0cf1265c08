package dev.gamut.io;

import java.util.Arrays;
import java.util.List;

/** Where something begins and how large it is, on each axis. */
record Box(List<Long> from, List<Long> size) {
    static Box of(long[] from, long[] size) {
        return new Box(
                Arrays.stream(from).boxed().toList(),
                Arrays.stream(size).boxed().toList());
    }

    long elements() {
        return size.stream().reduce(1L, (a, b) -> a * b);
    }

    /** What two boxes share; empty on an axis on which they share nothing. */
    Box with(Box other) {
        long[] begin = new long[from.size()];
        long[] shared = new long[from.size()];
        for (int axis = 0; axis < begin.length; axis++) {
            begin[axis] = Math.max(from.get(axis), other.from.get(axis));
            long end = Math.min(from.get(axis) + size.get(axis), other.from.get(axis) + other.size.get(axis));
            shared[axis] = Math.max(0, end - begin[axis]);
        }
        return of(begin, shared);
    }
}
