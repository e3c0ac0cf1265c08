package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.tensor.Layout;
import java.util.function.IntToDoubleFunction;

/** A reduction with its numbers, in poisoned memory. */
final class ReduceProblem {
    private final ReduceDesc desc;
    private final Memory x;
    private final Memory y;
    private final Memory out;
    private final boolean exact;

    /**
     * Fills memory.
     *
     * @param numbers element by row-major index; asked for x first, then for y
     */
    ReduceProblem(ReduceSpec spec, ReduceDesc desc, IntToDoubleFunction numbers, boolean exact) {
        this.desc = desc;
        this.exact = exact;
        this.x = fill(desc, desc.x(), spec.place(), numbers);
        this.y = desc.op().isBinary() ? fill(desc, desc.y(), spec.place(), numbers) : null;
        this.out = Memory.of(desc.result(), desc.results(), spec.out());
    }

    private static Memory fill(ReduceDesc desc, Layout layout, Memory.Place place, IntToDoubleFunction numbers) {
        Memory memory = Memory.of(desc.type(), layout.extent(), place);
        int size = Math.toIntExact(layout.size());
        for (int e = 0; e < size; e++) {
            long rest = e;
            long at = 0;
            for (int d = layout.rank() - 1; d >= 0; d--) {
                at += rest % layout.size(d) * layout.stride(d);
                rest /= layout.size(d);
            }
            memory.put(at, numbers.applyAsDouble(e));
        }
        memory.remember();
        return memory;
    }

    /** What to hand to a plan; new each time. */
    ReduceArgs args() {
        ReduceArgs args = new ReduceArgs();
        x.point(args.x());
        if (y != null) {
            y.point(args.y());
        }
        out.point(args.out());
        return args;
    }

    void restore() {
        out.restore();
    }

    /** Every result, all NaNs alike. */
    long[] bits() {
        long[] bits = new long[Math.toIntExact(desc.results())];
        for (int r = 0; r < bits.length; r++) {
            bits[r] = out.bits(r);
        }
        return bits;
    }

    /** How results compare with the oracle, and what was written that must not be. */
    Report verify(ErrorBound bound, long seed) {
        Report report = Check.reduce(desc, bound, exact, args(), seed);
        String stray = stray();
        return !report.ok() || stray.isEmpty()
                ? report
                : new Report(false, report.maxErrorOverBound(), report.maxAbsError(), 0, 0, stray);
    }

    private String stray() {
        if (!x.isUntouched() || y != null && !y.isUntouched()) {
            return "wrote to an operand";
        }
        long at = out.strayWrite(Layout.rowMajor(desc.results()));
        return at < 0 ? "" : "wrote outside the results, byte " + at + " of their memory";
    }
}
