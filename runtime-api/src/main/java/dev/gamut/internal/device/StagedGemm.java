package dev.gamut.internal.device;

import dev.gamut.device.Device;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.GemmExecutor;

/** A product whose operands are brought to where its kernel computes. */
public final class StagedGemm implements GemmExecutor {
    private final Device device;
    private final Side side;
    private final GemmDesc desc;
    private final GemmExecutor executor;
    private final GemmArgs inner = new GemmArgs();

    /**
     * Wraps an executor.
     *
     * @param device where operands live
     * @param side where the executor computes
     * @param desc the operation
     * @param executor computes it
     */
    public StagedGemm(Device device, Side side, GemmDesc desc, GemmExecutor executor) {
        this.device = device;
        this.side = side;
        this.desc = desc;
        this.executor = executor;
    }

    @Override
    public void execute(GemmArgs args) {
        boolean reads = args.alpha() != 0 && desc.k() > 0;
        try (Staging staging = new Staging(device, side)) {
            staging.matrix(args.a(), inner.a(), desc.a(), desc.batch(), reads, false);
            if (args.packedB() != null) {
                inner.packedB(args.packedB());
            } else {
                staging.matrix(args.b(), inner.b(), desc.b(), desc.batch(), reads, false);
            }
            staging.matrix(args.c(), inner.c(), desc.c(), desc.batch(), args.beta() != 0, true);
            inner.scalars(args.alpha(), args.beta());
            inner.epilogue(args.epilogue().with(staging::tensor)).record(args.record());
            executor.execute(inner);
            staging.finish();
        } finally {
            inner.clear();
        }
    }
}
