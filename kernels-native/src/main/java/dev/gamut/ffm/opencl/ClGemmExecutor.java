package dev.gamut.ffm.opencl;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.error.GamutException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.GemmExecutor;
import java.lang.foreign.MemorySegment;

/** A product by Gamut's own kernel: one call. */
final class ClGemmExecutor implements GemmExecutor {
    private static final int BLOCK = 4;
    private static final int ACROSS = 16;
    private static final int DOWN = 4;

    private final GemmDesc desc;
    private final Device device;
    private final String source;

    ClGemmExecutor(GemmDesc desc, Device device) {
        this.desc = desc;
        this.device = device;
        this.source = ClEpilogue.source(desc, device.info());
    }

    @Override
    public void execute(GemmArgs args) {
        boolean mayOverflow = ClGemm.isExact(desc) && (args.alpha() != 1 || args.beta() != 0);
        if (mayOverflow) {
            checked(args);
        } else {
            launch(args, null);
        }
    }

    /** Factors of exact results may make them too large, which has to be known before the run returns. */
    private void checked(GemmArgs args) {
        int[] flag = new int[1];
        try (DeviceBuffer overflow = device.allocate(Integer.BYTES)) {
            overflow.copyFrom(MemorySegment.ofArray(flag), 0);
            launch(args, overflow);
            overflow.copyTo(MemorySegment.ofArray(flag), 0);
        }
        if (flag[0] != 0) {
            throw new GamutException("an element of alpha·A·B + beta·C does not fit "
                    + desc.c().type() + "; a floating-point result has a wider range");
        }
    }

    private void launch(GemmArgs args, DeviceBuffer overflow) {
        long across = (desc.n() + BLOCK - 1) / BLOCK;
        long down = (desc.m() + BLOCK - 1) / BLOCK;
        try (Launch launch = new Launch(device, source, "gemm")) {
            launch.longs(ClEpilogue.shape(desc, args, across))
                    .memory(args.a().remote())
                    .memory(args.b().remote())
                    .memory(args.c().remote());
            ClScaling.pass(launch, args.a().tensor());
            ClScaling.pass(launch, args.b().tensor());
            ClEpilogue.pass(launch, desc, args);
            launch.memory(overflow).run(across, down, desc.batch(), ACROSS, DOWN);
        }
    }
}
