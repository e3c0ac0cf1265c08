package dev.gamut.ffm.gpu;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F8E4M3;
import static dev.gamut.dtype.DType.F8E5M2;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I8;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.OwnConvert;
import dev.gamut.ffm.program.Program;
import dev.gamut.ffm.program.ProgramCost;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.tensor.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Products of types that cuBLASLt does not take as Gamut means them: integer weights with scale factors, and F8. Operands become F32 on the device
 * by Gamut's own programs, cuBLASLt multiplies in F32, and a narrower result is rounded once.
 *
 * <p>Bound: that of F32 on the operands as they are dequantised, (k + 2)·u. cuBLASLt's own products of F8 do not keep it: on an H100 they were off
 * by up to 2e-5 of |A||B| at k = 1,024, since sums in its matrix units have some 14 bits.
 */
final class LtWidened implements GemmKernel {
    private static final List<DType> F8 = List.of(F8E4M3, F8E5M2);
    private static final List<DType> WEIGHTS = List.of(I8, I4);

    /** Which a meet which b, with which results. */
    private record Family(List<DType> a, List<DType> b, List<DType> c) {}

    private static final List<Family> FAMILIES = List.of(
            new Family(List.of(F32), WEIGHTS, List.of(F32)),
            new Family(List.of(BF16), WEIGHTS, List.of(F32, BF16)),
            new Family(F8, F8, List.of(F32, BF16)));

    private final Supplier<GpuHost> host;
    private final Language language;
    private final KernelInfo info;

    private LtWidened(Supplier<GpuHost> host, Language language, List<DType> types) {
        this.host = host;
        this.language = language;
        this.info = new KernelInfo(
                KernelId.of("gemm", types, language.provider()),
                language.provider(),
                true,
                "operands made F32 by " + language.title() + ", by " + Vendor.CUDA.blasTitle());
    }

    static List<LtWidened> kernels(Supplier<GpuHost> host, Language language) {
        List<LtWidened> all = new ArrayList<>();
        for (Family family : FAMILIES) {
            for (DType a : family.a) {
                for (DType b : family.b) {
                    family.c.forEach(c -> all.add(new LtWidened(host, language, List.of(a, b, F32, c))));
                }
            }
        }
        return all;
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return language.missing().or(() -> Optional.ofNullable(host.get().blasFailure()));
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return false;
    }

    @Override
    public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason = desc.types().equals(info.id().types())
                ? objection(desc, context.device().orElseThrow())
                : Optional.of("types are " + desc.types() + "; the kernel's are "
                        + info.id().types());
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        GemmDesc wide = widened(desc);
        Optional<LtProblem> problem = LtProblem.of(wide);
        if (problem.isEmpty()) {
            return new Offer.Decline<>(LtGemm.strides(Vendor.CUDA, wide));
        }
        double elements = (double) desc.batch() * (desc.m() * desc.k() + desc.k() * desc.n() + desc.m() * desc.n());
        Cost product = LtGemm.cost(desc, info.id(), context);
        return new Offer.Accept<>(
                new Cost(
                        product.arithmetic(),
                        ProgramCost.ofElements(context, info.id(), elements).arithmetic(),
                        0,
                        product.launch(),
                        0),
                ErrorBound.ofAccumulation(F32),
                Determinism.ANY,
                plan -> new Executor(desc, wide, problem.get(), plan.device()));
    }

    private Optional<String> objection(GemmDesc desc, DeviceInfo device) {
        if (!Program.computes(device, F32)) {
            return Optional.of(device.title() + " has no arithmetic in F32");
        }
        if (desc.a().packed().isPresent() || desc.b().packed().isPresent()) {
            return Optional.of("an operand is packed for another kernel");
        }
        if (!desc.epilogue().isEmpty()) {
            return Optional.of("epilogue " + desc.epilogue() + " is not fused");
        }
        return language.objection(device);
    }

    private static GemmDesc widened(GemmDesc desc) {
        return desc.a(widened(desc.a())).b(widened(desc.b())).c(widened(desc.c()));
    }

    private static boolean isWide(MatrixDesc x) {
        return x.type() == F32 && !x.scaling().hasScales();
    }

    private static MatrixDesc widened(MatrixDesc x) {
        if (isWide(x)) {
            return x;
        }
        MatrixDesc dense = MatrixDesc.rowMajor(F32, x.rows(), x.cols());
        return x.batchStride() == 0 ? dense : dense.batchStride(x.rows() * x.cols());
    }

    private final class Executor implements GemmExecutor {
        private final GemmDesc desc;
        private final GemmDesc wide;
        private final Device device;
        private final GemmExecutor product;
        private final ConvertExecutor intoA;
        private final ConvertExecutor intoB;
        private final ConvertExecutor intoC;
        private final ConvertExecutor outOfC;

        Executor(GemmDesc desc, GemmDesc wide, LtProblem problem, Device device) {
            this.desc = desc;
            this.wide = wide;
            this.device = device;
            this.product = new LtExecutor(wide, problem, device);
            this.intoA = conversion(desc.a(), wide.a());
            this.intoB = conversion(desc.b(), wide.b());
            this.intoC = conversion(desc.c(), wide.c());
            this.outOfC = conversion(wide.c(), desc.c());
        }

        /** Null where there is none to be made. */
        private ConvertExecutor conversion(MatrixDesc from, MatrixDesc to) {
            return isWide(from) && isWide(to)
                    ? null
                    : OwnConvert.executor(
                            language,
                            ConvertDesc.of(from, to).batch(from.batchStride() == 0 ? 1 : desc.batch()),
                            device);
        }

        @Override
        public void execute(GemmArgs args) {
            if (desc.m() == 0 || desc.n() == 0 || desc.batch() == 0) {
                return;
            }
            boolean multiplies = args.alpha() != 0 && desc.k() > 0;
            List<DeviceBuffer> buffers = new ArrayList<>();
            try {
                GemmArgs inner = new GemmArgs().scalars(args.alpha(), args.beta());
                brought(args.a(), inner.a(), wide.a(), intoA, multiplies, buffers);
                brought(args.b(), inner.b(), wide.b(), intoB, multiplies, buffers);
                brought(args.c(), inner.c(), wide.c(), intoC, args.beta() != 0, buffers);
                product.execute(inner);
                if (outOfC != null) {
                    convert(outOfC, inner.c(), args.c());
                }
            } finally {
                buffers.forEach(DeviceBuffer::close);
            }
        }

        private void brought(
                Operand from,
                Operand to,
                MatrixDesc as,
                ConvertExecutor by,
                boolean reads,
                List<DeviceBuffer> buffers) {
            if (by == null) {
                copy(from, to);
                return;
            }
            long batch = as.batchStride() == 0 ? 1 : desc.batch();
            DeviceBuffer buffer = device.allocate(Math.max(1, F32.bytes(as.rows() * as.cols() * batch)));
            buffers.add(buffer);
            to.set(buffer, F32, 0);
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

    @Override
    public String toString() {
        return info.id().toString();
    }
}
