package dev.gamut.ffm.opencl;

import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.Program;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** What follows sums of products, as kernels take it: the shape with its operations, factors, and pointers to data. */
final class ClEpilogue {
    /** Codes of {@code gemm.cl}. */
    private static final int ADD = 1;

    private static final int RELU = 2;
    private static final int GELU = 3;
    private static final int GELU_TANH = 4;
    private static final int SILU = 5;
    private static final int REQUANTISE = 6;

    private static final int OPERATION = 7;
    private static final int MATRIX = 4;
    private static final int SIZES = 7;

    private ClEpilogue() {}

    static Optional<String> objection(Epilogue.Op op, DType arithmetic, DeviceInfo device) {
        boolean wide = Program.computes(device, DType.F64);
        return switch (op) {
            case Epilogue.Gelu _, Epilogue.Silu _ ->
                wide
                        ? Optional.empty()
                        : Optional.of(op + " is evaluated in F64, which " + device.title() + " has not");
            case Epilogue.Bias bias -> data(op, bias.type(), arithmetic);
            case Epilogue.Residual residual -> data(op, residual.matrix().type(), arithmetic);
            case Epilogue.Relu _, Epilogue.Requantise _ -> Optional.empty();
        };
    }

    /** Wider data would be rounded in between. */
    private static Optional<String> data(Epilogue.Op op, DType type, DType arithmetic) {
        boolean fits = type.isFloat() && type.precision() <= arithmetic.precision() && !type.isSubByte();
        return fits ? Optional.empty() : Optional.of(op + " is of " + type + ", which is not read here");
    }

    /** The structure {@code shape}. */
    static long[] shape(GemmDesc desc, GemmArgs args, long across) {
        boolean product = args.alpha() != 0 && desc.k() > 0;
        boolean checked = args.alpha() != 1 || args.beta() != 0;
        long[] shape = new long[SIZES + 3 * MATRIX + ClGemm.LONGEST_CHAIN * OPERATION];
        long[] sizes = {
            desc.m(),
            desc.n(),
            desc.k(),
            across,
            product ? 1 : 0,
            checked ? 1 : 0,
            desc.epilogue().size()
        };
        System.arraycopy(sizes, 0, shape, 0, SIZES);
        matrix(shape, SIZES, desc.a(), args.a().offset());
        matrix(shape, SIZES + MATRIX, desc.b(), args.b().offset());
        matrix(shape, SIZES + 2 * MATRIX, desc.c(), args.c().offset());
        for (int i = 0; i < desc.epilogue().size(); i++) {
            long[] operation = operation(desc.epilogue().get(i), args.epilogue().data(i));
            System.arraycopy(operation, 0, shape, SIZES + 3 * MATRIX + i * OPERATION, OPERATION);
        }
        return shape;
    }

    private static void matrix(long[] shape, int at, MatrixDesc m, long offset) {
        shape[at] = offset;
        shape[at + 1] = m.batchStride();
        shape[at + 2] = m.rowStride();
        shape[at + 3] = m.colStride();
    }

    private static long[] operation(Epilogue.Op op, Tensor data) {
        return switch (op) {
            case Epilogue.Relu _ -> new long[] {RELU, 0, 0, 0, 0, 0, 0};
            case Epilogue.Gelu gelu -> new long[] {gelu.tanh() ? GELU_TANH : GELU, 0, 0, 0, 0, 0, 0};
            case Epilogue.Silu _ -> new long[] {SILU, 0, 0, 0, 0, 0, 0};
            case Epilogue.Bias bias ->
                with(data, ADD, 0, bias.perColumn() ? 0 : stride(data), bias.perColumn() ? stride(data) : 0, 0);
            case Epilogue.Residual residual ->
                with(
                        data,
                        ADD,
                        residual.matrix().batchStride(),
                        residual.matrix().rowStride(),
                        residual.matrix().colStride(),
                        0);
            case Epilogue.Requantise r -> with(data, REQUANTISE, 0, 0, r.perColumn() ? stride(data) : 0, r.zeroPoint());
        };
    }

    private static long[] with(Tensor data, int code, long batch, long rows, long cols, long zero) {
        return new long[] {code, Program.number(data.dtype()), data.offset(), batch, rows, cols, zero};
    }

    private static long stride(Tensor vector) {
        return vector.layout().stride(0);
    }

    /** alpha, beta and the pointers to data. */
    static void pass(ClLaunch launch, GemmDesc desc, GemmArgs args) {
        DType factor = factor(desc);
        launch.number(factor, args.alpha()).number(factor, args.beta());
        List<Epilogue.Op> ops = desc.epilogue();
        for (int i = 0; i < ClGemm.LONGEST_CHAIN; i++) {
            launch.memory(
                    i < ops.size() && ops.get(i).hasData()
                            ? args.epilogue().data(i).remote()
                            : null);
        }
    }

    /** Type of alpha and beta. */
    private static DType factor(GemmDesc desc) {
        return ClGemm.isExact(desc) ? DType.I64 : arithmetic(desc);
    }

    static DType arithmetic(GemmDesc desc) {
        return desc.acc().isInteger() ? DType.F32 : desc.acc();
    }

    /** The program for a product, its names defined. */
    static String source(GemmDesc desc, DeviceInfo device) {
        boolean integers = desc.acc().isInteger();
        double largest = (double) desc.k()
                * magnitude(desc.a().type())
                * magnitude(desc.b().type());
        DType sum = integers && largest > Integer.MAX_VALUE ? DType.I64 : desc.acc();
        return new ClSource(device)
                .define("A", desc.a().type().id())
                .define("B", desc.b().type().id())
                .define("C", desc.c().type().id())
                .define("C_BITS", Integer.toString(desc.c().type().bits()))
                .define("SUM", Program.scalar(sum))
                .define("ELEMENT", Program.scalar(sum))
                .define("REAL", Program.scalar(arithmetic(desc)))
                .define("FACTOR", Program.scalar(factor(desc)))
                .define("INTEGERS", integers)
                .define("SIXTEEN", ClGemm.isVector(desc.b().type()))
                .define("EXACT", ClGemm.isExact(desc))
                .define("A_SCALED", desc.a().scaling().hasScales() ? "1" : "0")
                .define("B_SCALED", desc.b().scaling().hasScales() ? "1" : "0")
                .activations()
                .with("gemm.cl");
    }

    private static double magnitude(DType type) {
        return Math.max(Math.abs(type.lowest()), type.maxFinite());
    }
}
