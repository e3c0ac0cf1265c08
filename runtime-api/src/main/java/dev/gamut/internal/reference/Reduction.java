package dev.gamut.internal.reference;

import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.ReduceExecutor;
import java.lang.foreign.MemorySegment;

/** The loop over results that all reference reductions share; a subclass computes and stores one result. */
abstract class Reduction implements ReduceExecutor {
    final ReduceDesc desc;
    final TermReader x;
    final TermReader y;

    Reduction(ReduceDesc desc) {
        this.desc = desc;
        this.x = new TermReader(desc.type(), desc.x(), desc.axis());
        this.y = desc.op().isBinary() ? new TermReader(desc.type(), desc.y(), desc.axis()) : null;
    }

    @Override
    public final void execute(ReduceArgs args) {
        try {
            x.bind(args.x());
            if (y != null) {
                y.bind(args.y());
            }
            MemorySegment out = args.out().segment();
            for (long result = 0; result < desc.results(); result++) {
                x.start(result);
                if (y != null) {
                    y.start(result);
                }
                reduce(result, out, args.out().offset() + result);
            }
        } finally {
            x.release();
            if (y != null) {
                y.release();
            }
        }
    }

    /** Computes one result, whose first terms the readers stand at, and stores it. */
    abstract void reduce(long result, MemorySegment out, long at);
}
