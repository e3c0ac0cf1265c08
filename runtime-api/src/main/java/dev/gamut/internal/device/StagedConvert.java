package dev.gamut.internal.device;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.device.Device;
import dev.gamut.spi.ConvertExecutor;

/** A conversion whose operands are brought to where its kernel computes. */
public final class StagedConvert implements ConvertExecutor {
    private final Device device;
    private final Side side;
    private final ConvertDesc desc;
    private final ConvertExecutor executor;
    private final ConvertArgs inner = new ConvertArgs();

    /**
     * Wraps an executor.
     *
     * @param device where operands live
     * @param side where the executor computes
     * @param desc the operation
     * @param executor computes it
     */
    public StagedConvert(Device device, Side side, ConvertDesc desc, ConvertExecutor executor) {
        this.device = device;
        this.side = side;
        this.desc = desc;
        this.executor = executor;
    }

    @Override
    public void execute(ConvertArgs args) {
        try (Staging staging = new Staging(device, side)) {
            staging.matrix(args.x(), inner.x(), desc.x(), desc.batch(), true, false);
            staging.matrix(args.y(), inner.y(), desc.y(), desc.batch(), false, true);
            executor.execute(inner.seed(args.seed()));
            args.loss(inner.loss());
            staging.finish();
        } finally {
            inner.clear();
        }
    }
}
