package dev.gamut.ffm.cpu;

import dev.gamut.ffm.cpu.abi.gamut_reduce;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A reduction ready to run in C: a task for each part, a downcall for each step, short enough for the collector to wait for. */
final class NativeReduction implements ReduceExecutor, PlanContext.Task {
    private final CpuLibrary library;
    private final ReduceDesc desc;
    private final PlanContext context;
    private final int parts;
    private final MemorySegment reduce;
    private final MemorySegment workspace;
    private MemorySegment x;
    private MemorySegment y;

    NativeReduction(CpuLibrary library, int kernel, ReduceDesc desc, PlanContext context, int parts) {
        this.library = library;
        this.desc = desc;
        this.context = context;
        this.parts = parts;
        Arena arena = Arena.ofAuto();
        reduce = arena.allocate(gamut_reduce.layout());
        gamut_reduce.size(reduce, gamut_reduce.sizeof());
        gamut_reduce.kernel(reduce, kernel);
        gamut_reduce.n(reduce, desc.terms());
        workspace = arena.allocate(library.reduceWorkspace(reduce, parts), 64);
    }

    @Override
    public void execute(ReduceArgs args) {
        boolean binary = desc.op().isBinary();
        x = args.x().segment();
        y = binary ? args.y().segment() : MemorySegment.NULL;
        try {
            library.reduceBegin(reduce, args.x().offset(), binary ? args.y().offset() : 0, parts, workspace);
            do {
                context.parallelFor(parts, this);
            } while (!library.reduceFinish(workspace));
        } finally {
            x = null;
            y = null;
        }
        double result = workspace.get(ValueLayout.JAVA_DOUBLE, 0);
        desc.result().store(args.out().segment(), args.out().offset(), result);
    }

    @Override
    public void run(int part, Workspace lent) {
        library.reduceInSteps(x, y, part, workspace);
    }
}
