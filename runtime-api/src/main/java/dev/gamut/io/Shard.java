package dev.gamut.io;

import dev.gamut.tensor.Tensor;
import java.util.Arrays;

/**
 * The part of a tensor that one rank has: a box of it. Immutable but for the memory under it.
 *
 * @param part its elements, plain and of any layout
 * @param whole sizes of the whole tensor
 * @param from where the part begins on each axis
 */
public record Shard(Tensor part, long[] whole, long[] from) {
    /** Checks that the part lies inside, and copies the numbers. */
    public Shard {
        whole = whole.clone();
        from = from.clone();
        if (whole.length != part.rank() || from.length != part.rank()) {
            throw new IllegalArgumentException("whole and from are " + Arrays.toString(whole) + " and "
                    + Arrays.toString(from) + "; the part has " + part.rank() + " axes");
        }
        for (int axis = 0; axis < whole.length; axis++) {
            if (from[axis] < 0 || from[axis] > whole[axis] - part.size(axis)) {
                throw new IllegalArgumentException("part begins at " + from[axis] + " and has " + part.size(axis)
                        + " on axis " + axis + "; the whole has " + whole[axis]);
            }
        }
    }

    /**
     * A tensor that this rank has all of. Ranks that all have it need not all save it, but may.
     *
     * @param tensor all of it
     */
    public static Shard whole(Tensor tensor) {
        return new Shard(tensor, tensor.layout().shape(), new long[tensor.rank()]);
    }

    /**
     * A part along one axis.
     *
     * @param part its elements
     * @param axis the axis that was cut
     * @param from where the part begins on it
     * @param whole size of the whole on it
     */
    public static Shard along(Tensor part, int axis, long from, long whole) {
        long[] sizes = part.layout().shape();
        long[] begin = new long[sizes.length];
        sizes[axis] = whole;
        begin[axis] = from;
        return new Shard(part, sizes, begin);
    }

    @Override
    public long[] whole() {
        return whole.clone();
    }

    @Override
    public long[] from() {
        return from.clone();
    }

    /** As metadata has it: {@code 0,4/8,4}, the beginning and the whole. */
    String box() {
        return list(from) + "/" + list(whole);
    }

    private static String list(long[] numbers) {
        String all = Arrays.toString(numbers).replace(" ", "");
        return all.substring(1, all.length() - 1);
    }

    /** Of a text such as {@link #box} gives: the beginning and the whole. */
    static long[][] parse(String box) {
        String[] halves = box.split("/", -1);
        long[][] both = new long[2][];
        for (int i = 0; i < 2; i++) {
            both[i] = halves[i].isEmpty()
                    ? new long[0]
                    : Arrays.stream(halves[i].split(","))
                            .mapToLong(Long::parseLong)
                            .toArray();
        }
        return both;
    }
}
