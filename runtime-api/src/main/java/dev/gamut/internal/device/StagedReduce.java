package dev.gamut.internal.device;

import dev.gamut.device.Device;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.tensor.Layout;

/** A reduction whose operands are brought to where its kernel computes. */
public final class StagedReduce implements ReduceExecutor {
    private final Device device;
    private final Side side;
    private final ReduceDesc desc;
    private final ReduceExecutor executor;
    private final ReduceArgs inner = new ReduceArgs();

    /**
     * Wraps an executor.
     *
     * @param device where operands live
     * @param side where the executor computes
     * @param desc the operation
     * @param executor computes it
     */
    public StagedReduce(Device device, Side side, ReduceDesc desc, ReduceExecutor executor) {
        this.device = device;
        this.side = side;
        this.desc = desc;
        this.executor = executor;
    }

    @Override
    public void execute(ReduceArgs args) {
        try (Staging staging = new Staging(device, side)) {
            staging.operand(args.x(), inner.x(), desc.type(), desc.x(), true, false);
            staging.operand(args.y(), inner.y(), desc.type(), desc.y(), true, false);
            staging.operand(args.out(), inner.out(), desc.result(), Layout.rowMajor(desc.results()), false, true);
            executor.execute(inner);
            staging.finish();
        } finally {
            inner.clear();
        }
    }
}
