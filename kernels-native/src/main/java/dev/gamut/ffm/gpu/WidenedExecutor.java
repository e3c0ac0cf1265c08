package dev.gamut.ffm.gpu;

import static dev.gamut.dtype.DType.F32;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.Scratch;
import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.OwnConvert;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;

/**
 * A product of operands that become F32 first, in memory of the stream unless they are packed, and of a result that is rounded at the end.
 * Codes that serve a whole batch become F32 once, unless a run brings scale factors of each matrix for them.
 */
final class WidenedExecutor implements GemmExecutor {
    private final Language language;
    private final GemmDesc desc;
    private final GemmDesc wide;
    private final Device device;
    private final boolean apart;
    private final GemmExecutor product;
    private final ConvertExecutor intoA;
    private final ConvertExecutor intoB;
    private final ConvertExecutor intoC;
    private final ConvertExecutor outOfC;

    /** For factors of each matrix, made when there are some. */
    private WidenedExecutor ofEach;

    WidenedExecutor(Language language, GemmDesc desc, Device device) {
        this(language, desc, device, false);
    }

    private WidenedExecutor(Language language, GemmDesc desc, Device device, boolean apart) {
        this.language = language;
        this.desc = desc;
        this.wide = widened(desc, apart);
        this.device = device;
        this.apart = apart;
        this.product = new LtExecutor(wide, LtProblem.of(wide).orElseThrow(), device);
        this.intoA = conversion(desc.a(), wide.a());
        this.intoB = desc.b().packed().isPresent() ? null : conversion(desc.b(), wide.b());
        this.intoC = conversion(desc.c(), wide.c());
        this.outOfC = conversion(wide.c(), desc.c());
    }

    /** The product in F32. */
    static GemmDesc widened(GemmDesc desc) {
        return widened(desc, false);
    }

    private static GemmDesc widened(GemmDesc desc, boolean apart) {
        return desc.a(widened(desc.a(), apart)).b(widened(desc.b(), apart)).c(widened(desc.c(), apart));
    }

    /** An operand as it is multiplied: row after row, unless it is F32 already. */
    static MatrixDesc widened(MatrixDesc x) {
        return widened(x, false);
    }

    /** As before; {@code apart} gives each product of a batch a matrix where there are scale factors. */
    private static MatrixDesc widened(MatrixDesc x, boolean apart) {
        if (isWide(x)) {
            return x;
        }
        MatrixDesc dense = MatrixDesc.rowMajor(F32, x.rows(), x.cols());
        boolean one = x.batchStride() == 0
                && !(apart && x.scaling().hasScales() && x.packed().isEmpty());
        return one ? dense : dense.batchStride(x.rows() * x.cols());
    }

    private static boolean isWide(MatrixDesc x) {
        return x.type() == F32 && !x.scaling().hasScales();
    }

    /** Null where there is none to be made. */
    private ConvertExecutor conversion(MatrixDesc from, MatrixDesc to) {
        return isWide(from) && isWide(to)
                ? null
                : OwnConvert.executor(
                        language, ConvertDesc.of(from, to).batch(to.batchStride() == 0 ? 1 : desc.batch()), device);
    }

    /** Whether an operand that has one matrix of codes has several of factors. */
    private static boolean varies(MatrixDesc x, Operand given) {
        Tensor t = given.tensor();
        return t != null && x.batchStride() == 0 && (isOfEach(t.scales()) || isOfEach(t.zeroPoints()));
    }

    private static boolean isOfEach(Tensor factors) {
        return factors != null
                && factors.rank() == 3
                && factors.size(0) > 1
                && factors.layout().stride(0) != 0;
    }

    @Override
    public void execute(GemmArgs args) {
        if (desc.m() == 0 || desc.n() == 0 || desc.batch() == 0) {
            return;
        }
        if (!apart && (varies(desc.a(), args.a()) || varies(desc.b(), args.b()))) {
            ofEach = ofEach == null ? new WidenedExecutor(language, desc, device, true) : ofEach;
            ofEach.execute(args);
            return;
        }
        if (args.packedB() == null) {
            execute(args, null);
            return;
        }
        DeviceBuffer panels = (DeviceBuffer) args.packedB().panels();
        if (panels.device() != device) {
            throw new IllegalArgumentException("b is packed on " + panels.place() + "; the plan takes one packed on "
                    + "its own opening of " + device.info().name());
        }
        panels.hold();
        try {
            execute(args, panels);
        } finally {
            panels.release();
        }
    }

    private void execute(GemmArgs args, DeviceBuffer panels) {
        boolean multiplies = args.alpha() != 0 && desc.k() > 0;
        GemmArgs inner = new GemmArgs().scalars(args.alpha(), args.beta());
        try (Scratch.Use scratch = device.scratch()) {
            bring(args.a(), inner.a(), wide.a(), intoA, multiplies, scratch);
            if (panels != null) {
                inner.b().set(panels, F32, 0);
            } else {
                bring(args.b(), inner.b(), wide.b(), intoB, multiplies, scratch);
            }
            bring(args.c(), inner.c(), wide.c(), intoC, args.beta() != 0, scratch);
            product.execute(inner);
            if (outOfC != null) {
                convert(outOfC, inner.c(), args.c());
            }
        }
    }

    private void bring(
            Operand from, Operand to, MatrixDesc as, ConvertExecutor by, boolean reads, Scratch.Use scratch) {
        if (by == null) {
            copy(from, to);
            return;
        }
        to.set(scratch.take(Math.max(1, F32.bytes(as.extent(desc.batch())))), F32, 0);
        if (reads) {
            convert(by, from, to);
        }
    }

    private static void copy(Operand from, Operand to) {
        if (from.tensor() != null) {
            to.set(from.tensor());
        } else if (!from.isEmpty()) {
            to.set(from.remote(), from.declared(), from.offset());
        }
    }

    private static void convert(ConvertExecutor by, Operand from, Operand to) {
        ConvertArgs args = new ConvertArgs();
        copy(from, args.x());
        copy(to, args.y());
        by.execute(args);
    }
}
