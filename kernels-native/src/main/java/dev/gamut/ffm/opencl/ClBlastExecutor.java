package dev.gamut.ffm.opencl;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.Scratch;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.tensor.Operand;
import java.util.OptionalLong;

/**
 * A product by CLBlast: straight into C where nothing follows and C is rows, otherwise into memory of the stream, from which a second kernel
 * finishes C. Operands that begin beyond what CLBlast counts to are copied first.
 */
final class ClBlastExecutor implements GemmExecutor {
    private static final int ACROSS = 16;
    private static final int DOWN = 4;

    private final ClBlast blas;
    private final GemmDesc desc;
    private final boolean vector;
    private final Device device;
    private final long most;
    private final String source;

    /**
     * Ready to run.
     *
     * @param desc the product
     * @param vector whether it is that of a matrix and a vector to CLBlast
     * @param device where
     * @param most {@link ClBlast#MOST}, or less
     */
    ClBlastExecutor(ClBlast blas, GemmDesc desc, boolean vector, Device device, long most) {
        this.blas = blas;
        this.desc = desc;
        this.vector = vector;
        this.device = device;
        this.most = most;
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
        try (Scratch.Use scratch = device.scratch()) {
            if (product && isAll(args)) {
                DeviceBuffer c = (DeviceBuffer) args.c().remote();
                long ld = ld(desc.c()).getAsLong();
                multiply(args, c, args.c().offset(), ld, desc.c().batchStride(), scratch);
            } else {
                finish(args, product ? sums(args, scratch) : null);
            }
        }
    }

    /** Whether C is the product and nothing else, and can be written by CLBlast; its product with a vector reads what was there. */
    private boolean isAll(GemmArgs args) {
        return !vector
                && args.alpha() == 1
                && args.beta() == 0
                && desc.epilogue().isEmpty()
                && isRows(desc.c())
                && reaches(args.c(), desc.c());
    }

    private boolean reaches(Operand operand, MatrixDesc m) {
        return operand.offset() <= most - m.extent(desc.batch());
    }

    private DeviceBuffer sums(GemmArgs args, Scratch.Use scratch) {
        long bytes = desc.acc().bytes(desc.m() * desc.n() * desc.batch());
        DeviceBuffer sums = scratch.take(bytes);
        if (vector) {
            device.driver().clear(device.stream().handle(), sums.handle(), bytes);
        }
        multiply(args, sums, 0, desc.n(), desc.m() * desc.n(), scratch);
        return sums;
    }

    private void multiply(
            GemmArgs args, DeviceBuffer into, long first, long ld, long batchStride, Scratch.Use scratch) {
        long queue = device.stream().handle();
        if (!vector) {
            blas.multiply(
                    desc.acc(),
                    desc.batch(),
                    desc.m(),
                    desc.n(),
                    desc.k(),
                    matrix(args.a(), desc.a(), scratch),
                    matrix(args.b(), desc.b(), scratch),
                    new ClBlast.Matrix(into.handle(), first, ld, batchStride, false),
                    queue);
            return;
        }
        boolean right = desc.n() == 1; // otherwise C is a row: the transposed product
        MatrixDesc m = right ? desc.a() : desc.b().transpose();
        MatrixDesc v = right ? desc.b() : desc.a().transpose();
        ClBlast.Matrix a = matrix(right ? args.a() : args.b(), m, scratch);
        ClBlast.Matrix x = matrix(right ? args.b() : args.a(), v, scratch);
        blas.multiply(
                desc.acc(),
                m.rows(),
                m.cols(),
                a,
                new ClBlast.Vector(x.buffer(), x.offset(), Math.max(1, v.rowStride())),
                new ClBlast.Vector(into.handle(), first, 1),
                queue);
    }

    private ClBlast.Matrix matrix(Operand operand, MatrixDesc m, Scratch.Use scratch) {
        DeviceBuffer memory = (DeviceBuffer) operand.remote();
        long first = operand.offset();
        if (!reaches(operand, m)) {
            long bytes = m.type().bytes(m.extent(desc.batch()));
            DeviceBuffer near = scratch.take(bytes);
            device.driver()
                    .copy(device.stream().handle(), memory.handle(), m.type().bytes(first), near.handle(), 0, bytes);
            memory = near;
            first = 0;
        }
        return new ClBlast.Matrix(memory.handle(), first, ld(m).orElse(0), m.batchStride(), !isRows(m));
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
