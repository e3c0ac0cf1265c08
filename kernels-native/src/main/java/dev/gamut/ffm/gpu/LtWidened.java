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
import dev.gamut.ffm.program.DeviceKernel;
import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.OwnConvert;
import dev.gamut.ffm.program.Program;
import dev.gamut.ffm.program.ProgramCost;
import dev.gamut.ffm.program.ScalingArguments;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.tensor.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Products of types that cuBLASLt does not take as Gamut means them: integer weights with scale factors, and F8. Operands become F32 on the device
 * by Gamut's own programs, cuBLASLt multiplies in F32, and a narrower result is rounded once. A right operand that is packed is F32 from then on;
 * others become it at each run, in memory of the stream.
 *
 * <p>Bound: that of F32 on the operands as they are dequantised, (k + 2)·u. cuBLASLt's own products of F8 do not keep it: on an H100 they were off
 * by up to 2e-5 of |A||B| at k = 1,024, since sums in its matrix units have some 14 bits.
 */
final class LtWidened extends DeviceKernel<GemmDesc, GemmExecutor> implements GemmKernel {
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

    private LtWidened(Supplier<GpuHost> host, Language language, List<DType> types) {
        super(new KernelInfo(
                KernelId.of("gemm", types, language.provider()),
                language.provider(),
                true,
                "operands made F32 by " + language.title() + ", by " + Vendor.CUDA.blasTitle()));
        this.host = host;
        this.language = language;
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
    public Optional<String> unavailable(Capabilities machine) {
        return language.missing().or(() -> Optional.ofNullable(host.get().blasFailure()));
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return false;
    }

    @Override
    protected Optional<String> objection(GemmDesc desc, DeviceInfo device) {
        return ofOtherTypes(desc).or(() -> operands(desc, device)).or(() -> {
            GemmDesc wide = WidenedExecutor.widened(desc);
            return LtProblem.of(wide).isPresent() ? Optional.empty() : Optional.of(LtGemm.strides(Vendor.CUDA, wide));
        });
    }

    private Optional<String> operands(GemmDesc desc, DeviceInfo device) {
        if (!Program.computes(device, F32)) {
            return Optional.of(device.title() + " has no arithmetic in F32");
        }
        if (desc.a().packed().isPresent()
                || !desc.b().packed().map(this::isFormat).orElse(true)) {
            return Optional.of("an operand is packed for another kernel");
        }
        if (desc.b().packed().isPresent() && desc.b().batchStride() != 0) {
            return Optional.of("b is packed and of a batch; one packed matrix serves all products");
        }
        if (!desc.epilogue().isEmpty()) {
            return Optional.of("epilogue " + desc.epilogue() + " is not fused");
        }
        return language.objection(device)
                .or(() -> ScalingArguments.objection("a", desc.a()))
                .or(() -> ScalingArguments.objection("b", desc.b()));
    }

    /** Whatever a and c are. */
    private boolean isFormat(KernelId kernel) {
        return kernel.impl().equals(info().id().impl()) && kernel.op().equals("gemm");
    }

    @Override
    protected Offer.Accept<GemmExecutor> acceptance(GemmDesc desc, OfferContext context) {
        double weights = desc.b().packed().isPresent() ? 0 : (double) desc.k() * desc.n();
        double elements = desc.batch() * (weights + (double) desc.m() * desc.k() + (double) desc.m() * desc.n());
        Cost product = LtGemm.cost(desc, info().id(), context);
        Cost widening = new Cost(
                0, 0, ProgramCost.ofElements(context, info().id(), elements).arithmetic(), 0, 0);
        return new Offer.Accept<>(
                product.plus(widening),
                ErrorBound.ofAccumulation(F32),
                Determinism.ANY,
                plan -> new WidenedExecutor(language, desc, plan.device()));
    }

    @Override
    public boolean packs(MatrixDesc b) {
        return b.type() == info().id().types().get(1)
                && b.packed().isEmpty()
                && ScalingArguments.objection("b", b).isEmpty();
    }

    /** Plain F32 on the device, row after row, whichever of the kernels for such weights they are for. */
    @Override
    public PackedMatrix pack(MatrixDesc b, Operand data, PlanContext context) {
        Device device = context.device();
        MatrixDesc wide = WidenedExecutor.widened(b);
        DeviceBuffer panels = device.keep(Math.max(1, F32.bytes(wide.extent(1))));
        try {
            if (wide.extent(1) > 0) {
                ConvertArgs args = new ConvertArgs();
                args.x().set(data.tensor());
                args.y().set(panels, F32, 0);
                OwnConvert.executor(language, ConvertDesc.of(b, wide), device).execute(args);
                device.synchronize(); // other streams may use it, and the operand may go
            }
        } catch (RuntimeException e) {
            panels.close();
            throw e;
        }
        return new PackedMatrix(b.packed(info().id()), panels, panels.byteSize());
    }
}
