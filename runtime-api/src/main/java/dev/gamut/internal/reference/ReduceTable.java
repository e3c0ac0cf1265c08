package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import java.util.ArrayList;
import java.util.List;

/** The reductions of the reference: every operation on every type but the scale type. */
final class ReduceTable {
    private ReduceTable() {}

    static List<ReferenceReduce> kernels() {
        List<ReferenceReduce> all = new ArrayList<>();
        for (ReduceOp op : ReduceOp.values()) {
            for (DType type : DType.values()) {
                if (type.kind() != DType.Kind.SCALE) {
                    all.add(new ReferenceReduce(op, type));
                }
            }
        }
        return List.copyOf(all);
    }
}
