package dev.gamut.internal.plan;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.internal.event.ExecuteEvent;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;

/** A reduction bound to its kernel: checks operands, leases an executor, runs it. */
final class PreparedReduce implements ReducePlan {
    private record Lease(ReduceExecutor executor, ReduceArgs args, Tensor one) {}

    private final Engine engine;
    private final ReduceDesc desc;
    private final KernelId kernel;
    private final ErrorBound bound;
    private final Pool<Lease> leases;

    PreparedReduce(Engine engine, ReduceDesc desc, KernelInfo kernel, Offer.Accept<ReduceExecutor> offer) {
        this.engine = engine;
        this.desc = desc;
        this.kernel = kernel.id();
        this.bound = offer.bound();
        this.leases = new Pool<>(
                engine.threads() + 1,
                () -> new Lease(offer.preparer().prepare(engine), new ReduceArgs(), Tensor.zeros(desc.result(), 1)));
        leases.give(leases.take());
    }

    @Override
    public ReduceDesc desc() {
        return desc;
    }

    @Override
    public KernelId kernel() {
        return kernel;
    }

    @Override
    public ErrorBound bound() {
        return bound;
    }

    @Override
    public void run(ReduceArgs args) {
        engine.requireOpen();
        Lease lease = leases.take();
        try {
            checkAndExecute(lease.executor, args);
        } finally {
            leases.give(lease);
        }
    }

    @Override
    public double reduce(Object x) {
        engine.requireOpen();
        if (desc.results() != 1 || desc.op().isBinary()) {
            throw new IllegalStateException(desc + " gives " + desc.results() + " results of "
                    + (desc.op().isBinary() ? "two operands" : "one operand") + "; use run(ReduceArgs)");
        }
        Lease lease = leases.take();
        try {
            lease.args.x().set(x, 0);
            lease.args.out().set(lease.one);
            checkAndExecute(lease.executor, lease.args);
            return desc.result().load(lease.one.segment(), 0);
        } finally {
            lease.args.clear();
            leases.give(lease);
        }
    }

    private void checkAndExecute(ReduceExecutor executor, ReduceArgs args) {
        check(args);
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

    private void check(ReduceArgs args) {
        OperandChecks.memory("out", args.out(), desc.result(), desc.results(), true, engine);
        checkTensor("out", args.out().tensor(), null);
        checkRead("x", args.x(), desc.x(), args, engine);
        if (desc.op().isBinary()) {
            checkRead("y", args.y(), desc.y(), args, engine);
        }
    }

    private void checkRead(String name, Operand operand, Layout layout, ReduceArgs args, Engine engine) {
        OperandChecks.memory(name, operand, desc.type(), layout.extent(), false, engine);
        checkTensor(name, operand.tensor(), layout);
        OperandChecks.disjoint(
                name, operand, desc.type(), layout.extent(), "out", args.out(), desc.result(), desc.results());
    }

    /** A tensor must be plain and lie as the descriptor says; results are contiguous. */
    private static void checkTensor(String name, Tensor tensor, Layout layout) {
        if (tensor == null) {
            return;
        }
        if (tensor.scaling().hasScales()) {
            throw new IllegalArgumentException(
                    name + " is " + tensor + "; a reduction takes plain numbers without scale factors");
        }
        if (layout == null ? !tensor.layout().isRowMajor() : !tensor.layout().equals(layout)) {
            throw new IllegalArgumentException(name + " is " + tensor + "; the plan takes "
                    + (layout == null ? "contiguous row-major memory" : layout));
        }
    }
}
