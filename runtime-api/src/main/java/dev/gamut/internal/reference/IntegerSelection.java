package dev.gamut.internal.reference;

import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import java.lang.foreign.MemorySegment;

/** The smallest or largest of integers, or its index, the lowest of equals. */
final class IntegerSelection extends Reduction {
    private final long[] block = new long[Tree64.BLOCK];

    IntegerSelection(ReduceDesc desc) {
        super(desc);
    }

    @Override
    void reduce(long result, MemorySegment out, long at) {
        long best = Long.MAX_VALUE;
        long bestIndex = 0;
        long index = 0;
        for (int n = x.longs(block); n > 0; n = x.longs(block)) {
            for (int i = 0; i < n; i++, index++) {
                long key = key(desc.op(), block[i]);
                if (key < best) {
                    best = key;
                    bestIndex = index;
                }
            }
        }
        if (desc.op().isIndex()) {
            desc.result().storeLong(out, at, bestIndex);
        } else {
            desc.result().storeLong(out, at, desc.op() == ReduceOp.MAX ? ~best : best);
        }
    }

    /** What is smallest for the element to be selected, without overflow: ~x = −x − 1, and −|x| always exists. */
    private static long key(ReduceOp op, long value) {
        return switch (op) {
            case MIN, ARGMIN -> value;
            case MAX, ARGMAX -> ~value;
            case ARGAMAX -> value < 0 ? value : -value;
            default -> throw new IllegalStateException(op + " does not select an element");
        };
    }
}
