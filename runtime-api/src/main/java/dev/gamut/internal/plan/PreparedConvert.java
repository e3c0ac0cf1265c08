package dev.gamut.internal.plan;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.dtype.Convert;
import dev.gamut.internal.event.ExecuteEvent;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;

/** A conversion bound to its kernel: checks operands, leases an executor, runs it. */
final class PreparedConvert implements ConvertPlan {
    private final Engine engine;
    private final ConvertDesc desc;
    private final KernelId kernel;
    private final Pool<ConvertExecutor> executors;
    private final long extentX;
    private final long extentY;

    PreparedConvert(Engine engine, ConvertDesc desc, KernelInfo kernel, Offer.Accept<ConvertExecutor> offer) {
        this.engine = engine;
        this.desc = desc;
        this.kernel = kernel.id();
        this.extentX = desc.x().extent(desc.batch());
        this.extentY = desc.y().extent(desc.batch());
        this.executors = new Pool<>(engine.threads() + 1, () -> offer.preparer().prepare(engine));
        executors.give(executors.take()); // prepare now, so that a failure shows here
    }

    @Override
    public ConvertDesc desc() {
        return desc;
    }

    @Override
    public KernelId kernel() {
        return kernel;
    }

    @Override
    public void run(ConvertArgs args) {
        engine.requireOpen();
        MatrixChecks.operand("x", args.x(), desc.x(), desc.batch(), extentX, false, engine);
        MatrixChecks.operand("y", args.y(), desc.y(), desc.batch(), extentY, true, engine);
        OperandChecks.disjoint(
                "x", args.x(), desc.x().type(), extentX, "y", args.y(), desc.y().type(), extentY);
        args.loss(Convert.Loss.NONE);
        if (desc.elements() == 0) {
            return;
        }
        ConvertExecutor executor = executors.take();
        try {
            execute(executor, args);
        } finally {
            executors.give(executor);
        }
    }

    private void execute(ConvertExecutor executor, ConvertArgs args) {
        if (!ExecuteEvent.isWatched()) {
            executor.execute(args);
            return;
        }
        ExecuteEvent event = new ExecuteEvent();
        event.begin();
        executor.execute(args);
        event.operation = desc.toString();
        event.kernel = kernel.toString();
        event.commit();
    }
}
