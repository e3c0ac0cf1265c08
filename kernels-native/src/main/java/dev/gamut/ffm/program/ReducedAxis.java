package dev.gamut.ffm.program;

import dev.gamut.reduce.ReduceDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis of a reduction's operands, or several that are one in memory.
 *
 * @param size elements along it
 * @param x how far apart they are in x
 * @param y the same in y
 */
public record ReducedAxis(long size, long x, long y) {
    /** The axes that disappear, as few as there can be, the last one last. */
    public static List<ReducedAxis> terms(ReduceDesc desc) {
        return of(desc, true);
    }

    /** The axes that remain. */
    public static List<ReducedAxis> results(ReduceDesc desc) {
        return of(desc, false);
    }

    private static List<ReducedAxis> of(ReduceDesc desc, boolean disappear) {
        List<ReducedAxis> axes = new ArrayList<>();
        for (int axis = 0; axis < desc.x().rank(); axis++) {
            boolean disappears = desc.axis() == ReduceDesc.ALL || axis == desc.axis();
            if (disappears != disappear || desc.x().size(axis) == 1) {
                continue;
            }
            ReducedAxis next = new ReducedAxis(
                    desc.x().size(axis), desc.x().stride(axis), desc.y().stride(axis));
            if (!axes.isEmpty() && axes.getLast().continues(next)) {
                next = new ReducedAxis(axes.removeLast().size * next.size, next.x, next.y);
            }
            axes.add(next);
        }
        return axes;
    }

    /** Whether this one and the one within it are one longer axis. */
    private boolean continues(ReducedAxis within) {
        return x == within.x * within.size && y == within.y * within.size;
    }
}
