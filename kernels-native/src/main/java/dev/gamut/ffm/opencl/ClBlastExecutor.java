package dev.gamut.ffm.opencl;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.ffm.opencl.abi.opencl_h;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.tensor.Operand;
import java.util.OptionalLong;

/**
 * A product by CLBlast: straight into C where nothing follows and C is rows, otherwise into memory of its own, from which a second kernel
 * finishes C.
 */
final class ClBlastExecutor implements GemmExecutor {
    private static final int ACROSS = 16;
    private static final int DOWN = 4;

    private final ClBlast blas;
    private final GemmDesc desc;
    private final Device device;
    private final String source;

    ClBlastExecutor(ClBlast blas, GemmDesc desc, Device device) {
        this.blas = blas;
        this.desc = desc;
        this.device = device;
        this.source = ClEpilogue.source(desc, device.info());
    }

    /** The leading dimension of a matrix that BLAS can describe. */
    static OptionalLong ld(MatrixDesc m) {
        return isRows(m)
                ? OptionalLong.of(Math.max(m.rowStride(), Math.max(1, m.cols())))
                : isCols(m) ? OptionalLong.of(Math.max(m.colStride(), Math.max(1, m.rows()))) : OptionalLong.empty();
    }

    private static boolean isRows(MatrixDesc m) {
        return (m.colStride() == 1 || m.cols() <= 1) && (m.rowStride() >= m.cols() || m.rows() <= 1);
    }

    private static boolean isCols(MatrixDesc m) {
        return (m.rowStride() == 1 || m.rows() <= 1) && (m.colStride() >= m.rows() || m.cols() <= 1);
    }

    @Override
    public void execute(GemmArgs args) {
        boolean product = args.alpha() != 0 && desc.k() > 0;
        boolean plain = args.alpha() == 1 && args.beta() == 0 && desc.epilogue().isEmpty() && isRows(desc.c());
        if (product && plain) {
            multiply(
                    args,
                    (DeviceBuffer) args.c().remote(),
                    args.c().offset(),
                    ld(desc.c()).getAsLong(),
                    desc.c().batchStride());
        } else if (product) {
            long elements = desc.m() * desc.n() * desc.batch();
            try (DeviceBuffer sums = device.allocate(desc.acc().bytes(elements))) {
                multiply(args, sums, 0, desc.n(), desc.m() * desc.n());
                finish(args, sums);
            }
        } else {
            finish(args, null);
        }
    }

    private void multiply(GemmArgs args, DeviceBuffer into, long first, long ld, long stride) {
        blas.multiply(
                desc.acc(),
                opencl_h.CLBlastLayoutRowMajor(),
                desc.batch(),
                desc.m(),
                desc.n(),
                desc.k(),
                operand(args.a(), desc.a()),
                operand(args.b(), desc.b()),
                new ClBlast.Matrix(into.handle(), first, ld, stride, opencl_h.CLBlastTransposeNo()),
                device.stream().handle());
    }

    private static ClBlast.Matrix operand(Operand operand, MatrixDesc m) {
        return new ClBlast.Matrix(
                ((DeviceBuffer) operand.remote()).handle(),
                operand.offset(),
                ld(m).getAsLong(),
                m.batchStride(),
                isRows(m) ? opencl_h.CLBlastTransposeNo() : opencl_h.CLBlastTransposeYes());
    }

    private void finish(GemmArgs args, DeviceBuffer sums) {
        try (ClLaunch launch = new ClLaunch(device, source, "finish_sums")) {
            launch.longs(ClEpilogue.shape(desc, args, desc.n()))
                    .memory(sums)
                    .memory(args.c().remote());
            ClEpilogue.pass(launch, desc, args);
            launch.run(desc.n(), desc.m(), desc.batch(), ACROSS, DOWN);
        }
    }
}
