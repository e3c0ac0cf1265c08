package dev.gamut.internal.reference;

import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import java.lang.foreign.MemorySegment;

/**
 * The smallest or largest of floating-point numbers, or its index. The first NaN wins; an index is the lowest of equals, −0
 * and +0 being equal; as values −0 is smaller than +0, as {@link Math#min} has it.
 */
final class FloatSelection extends Reduction {
    private final double[] block = new double[Tree64.BLOCK];

    FloatSelection(ReduceDesc desc) {
        super(desc);
    }

    @Override
    void reduce(long result, MemorySegment out, long at) {
        double best = Double.POSITIVE_INFINITY;
        long bestIndex = 0;
        long index = 0;
        for (int n = x.doubles(block); n > 0 && !Double.isNaN(best); n = x.doubles(block)) {
            for (int i = 0; i < n && !Double.isNaN(best); i++, index++) {
                double key = key(desc.op(), block[i]);
                if (key < best || Double.isNaN(key)) {
                    bestIndex = index;
                }
                best = Math.min(best, key);
            }
        }
        if (desc.op().isIndex()) {
            desc.result().storeLong(out, at, bestIndex);
        } else {
            desc.result().store(out, at, desc.op() == ReduceOp.MAX ? -best : best);
        }
    }

    /** What is smallest for the element to be selected. */
    private static double key(ReduceOp op, double value) {
        return switch (op) {
            case MIN, ARGMIN -> value;
            case MAX, ARGMAX -> -value;
            case ARGAMAX -> -Math.abs(value);
            default -> throw new IllegalStateException(op + " does not select an element");
        };
    }
}
