package dev.gamut.ffm.opencl;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.Scratch;
import dev.gamut.error.GamutException;
import dev.gamut.ffm.program.ProgramCost;
import dev.gamut.ffm.program.ScalingArguments;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.OfferContext;
import java.lang.foreign.MemorySegment;

/** A product by Gamut's own kernel: one call. Where B's rows are contiguous, blocks are vectors. */
final class ClGemmExecutor implements GemmExecutor {
    /** Rows and columns of a block, and blocks of a group, for each kernel of {@code gemm.cl}. */
    private enum Form {
        ANY("gemm", 4, 4, 16, 4),
        WIDE("gemm_wide", 8, 16, 4, 4);

        private final String kernel;
        private final int rows;
        private final int cols;
        private final int across;
        private final int down;

        Form(String kernel, int rows, int cols, int across, int down) {
            this.kernel = kernel;
            this.rows = rows;
            this.cols = cols;
            this.across = across;
            this.down = down;
        }
    }

    private final GemmDesc desc;
    private final Device device;
    private final String source;
    private final Form form;

    ClGemmExecutor(GemmDesc desc, Device device) {
        this.desc = desc;
        this.device = device;
        this.source = ClEpilogue.source(desc, device.info());
        this.form = isWide(desc) ? Form.WIDE : Form.ANY;
    }

    private static boolean isWide(GemmDesc desc) {
        return ClGemm.isVector(desc.b().type())
                && desc.b().colStride() == 1
                && desc.n() >= Form.WIDE.cols
                && !desc.a().scaling().hasScales()
                && !desc.b().scaling().hasScales();
    }

    /** Of all elements of whole blocks: a product with one column takes as long as one with four. */
    static Cost cost(GemmDesc desc, KernelId id, OfferContext context) {
        Form form = isWide(desc) ? Form.WIDE : Form.ANY;
        double elements = (double) form.rows * down(desc, form) * form.cols * across(desc, form);
        double flops = 2 * elements * desc.k() * desc.batch();
        return ProgramCost.ofProduct(context, id, flops, form == Form.ANY ? "any_" : "");
    }

    private static long across(GemmDesc desc, Form form) {
        return (desc.n() + form.cols - 1) / form.cols;
    }

    private static long down(GemmDesc desc, Form form) {
        return (desc.m() + form.rows - 1) / form.rows;
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
        try (Scratch.Use scratch = device.scratch()) {
            DeviceBuffer overflow = scratch.take(Integer.BYTES);
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
        long across = across(desc, form);
        try (ClLaunch launch = new ClLaunch(device, source, form.kernel)) {
            launch.longs(ClEpilogue.shape(desc, args, across))
                    .memory(args.a().remote())
                    .memory(args.b().remote())
                    .memory(args.c().remote());
            if (form == Form.ANY) {
                ScalingArguments.pass(launch, args.a().tensor());
                ScalingArguments.pass(launch, args.b().tensor());
            }
            ClEpilogue.pass(launch, desc, args);
            launch.memory(overflow).run(across, down(desc, form), desc.batch(), form.across, form.down);
        }
    }
}
