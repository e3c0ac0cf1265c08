package dev.gamut.ffm.gpu;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.DeviceKernel;
import dev.gamut.ffm.program.ProgramCost;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Products of one combination of types by cuBLASLt or hipBLASLt, alpha, beta and a bias included. Two operands of F64 or F32 as IEEE 754
 * says, without TF32; F16 and BF16 on matrix units, summed in F32; I8 summed exactly in I32.
 *
 * <p>Bound: (k + 2)·u where sums are of rounded additions, in whatever order. Matrix units were found to cut off where they should round,
 * when they add a block of products to a sum (Fasi, Higham, Mikaitis and Pranesh, "Numerical behavior of NVIDIA tensor cores", PeerJ Comput.
 * Sci. 7, 2021). With blocks of at least 4 those are 5 addends and a result, each to within 2u: (k / 4)·6·2u = 3k·u, the bound of F16 and BF16.
 * On an H100 the rules of conformance find it kept.
 *
 * <p>Of epilogues a bias on a result of F32 is fused: on one of BF16 an H100 was seen to round the sums before it and the result after it. Not ReLU, of which neither library says what it makes of NaN, nor GELU, for which neither
 * names a formula: those run on the host.
 */
final class LtGemm extends DeviceKernel<GemmDesc, GemmExecutor> implements GemmKernel {
    private static final double CUT_OFF = 3;

    /** Types of results by the type of the operands, the accumulator first. */
    private static final Map<DType, List<DType>> RESULTS = Map.of(
            DType.F64, List.of(DType.F64),
            DType.F32, List.of(DType.F32),
            DType.F16, List.of(DType.F32, DType.F16),
            DType.BF16, List.of(DType.F32, DType.BF16),
            DType.I8, List.of(DType.I32));

    private final Vendor vendor;
    private final Supplier<GpuHost> host;

    private LtGemm(Vendor vendor, Supplier<GpuHost> host, List<DType> types) {
        super(new KernelInfo(
                KernelId.of("gemm", types, vendor.blasId()), vendor.id(), true, "by " + vendor.blasTitle()));
        this.vendor = vendor;
        this.host = host;
    }

    static List<LtGemm> kernels(Vendor vendor, Supplier<GpuHost> host) {
        List<LtGemm> all = new ArrayList<>();
        for (DType operands : vendor.operands()) {
            List<DType> results = RESULTS.get(operands);
            for (DType c : results) {
                all.add(new LtGemm(vendor, host, List.of(operands, operands, results.getFirst(), c)));
            }
        }
        return all;
    }

    /** Asked after the provider, so that nothing is looked for on another machine's behalf. */
    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.ofNullable(host.get().blasFailure());
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return op instanceof Epilogue.Bias;
    }

    @Override
    protected Optional<String> objection(GemmDesc desc, DeviceInfo device) {
        return ofOtherTypes(desc)
                .or(() -> operands(desc, device))
                .or(() -> LtProblem.of(desc)
                        .map(problem -> objection(desc, problem))
                        .orElseGet(() -> Optional.of(strides(vendor, desc))));
    }

    @Override
    protected Offer.Accept<GemmExecutor> acceptance(GemmDesc desc, OfferContext context) {
        LtProblem problem = LtProblem.of(desc).orElseThrow();
        return new Offer.Accept<>(
                cost(desc, info().id(), context),
                bound(desc),
                desc.acc().isInteger() ? Determinism.bitwise(EvaluationOrder.EXACT) : Determinism.ANY,
                plan -> new LtExecutor(desc, problem, plan.device()));
    }

    private static ErrorBound bound(GemmDesc desc) {
        ErrorBound rounded = ErrorBound.ofAccumulation(desc.acc());
        return desc.a().type() == desc.acc() || rounded.isExact()
                ? rounded
                : new ErrorBound(rounded.unit(), CUT_OFF, 0, rounded.constant(), rounded.underflow());
    }

    static Cost cost(GemmDesc desc, KernelId id, OfferContext context) {
        double launch = ProgramCost.get(context, id, "launch_us") * 1e-6;
        return new Cost(desc.flops() / ProgramCost.get(context, id, "gflops") * 1e-9, 0, 0, launch, 0);
    }

    private static Optional<String> operands(GemmDesc desc, DeviceInfo device) {
        for (DType type : List.of(desc.a().type(), desc.c().type())) {
            if (type != DType.I32 && !device.arithmetic().contains(type)) {
                return Optional.of(device.title() + " has no arithmetic in " + type + " that keeps the bound");
            }
        }
        if (desc.a().packed().isPresent() || desc.b().packed().isPresent()) {
            return Optional.of("an operand is packed for another kernel");
        }
        for (MatrixDesc x : List.of(desc.a(), desc.b())) {
            if (x.scaling().hasScales()) {
                return Optional.of("an operand has scaling " + x.scaling() + "; operands are taken as they are");
            }
        }
        return Optional.empty();
    }

    static String strides(Vendor vendor, GemmDesc desc) {
        return "strides are " + text(desc.a()) + " for a, " + text(desc.b()) + " for b, " + text(desc.c()) + " for c; "
                + vendor.blasTitle() + " takes one stride of 1 and another that is not shorter than a line";
    }

    private static String text(MatrixDesc x) {
        return x.rowStride() + " and " + x.colStride();
    }

    private Optional<String> objection(GemmDesc desc, LtProblem problem) {
        if (desc.acc().isInteger() && !problem.isAlongTerms()) {
            return Optional.of(
                    vendor.blasTitle() + " multiplies I8 where rows of a and columns of b are contiguous; strides are "
                            + text(desc.a()) + " for a, " + text(desc.b()) + " for b");
        }
        long longest = Math.max(Math.max(desc.m(), desc.n()), Math.max(desc.k(), desc.batch()));
        if (longest > Integer.MAX_VALUE) {
            return Optional.of("a size is " + longest + "; " + vendor.blasTitle() + " counts in 32 bits");
        }
        if (desc.epilogue().isEmpty()) {
            return Optional.empty();
        }
        boolean alone = desc.epilogue().size() == 1 && desc.epilogue().getFirst() instanceof Epilogue.Bias;
        if (!alone || desc.acc() != DType.F32) {
            return Optional.of(
                    "epilogue " + desc.epilogue() + " on sums in " + desc.acc() + "; one bias on sums in F32 is fused");
        }
        Epilogue.Bias bias = (Epilogue.Bias) desc.epilogue().getFirst();
        if (desc.c().type() != desc.acc()) {
            return Optional.of(
                    bias + " is not fused: sums are rounded to " + desc.c().type() + " before it is added");
        }
        boolean along = bias.perColumn() == problem.swapped();
        return along && bias.type() == desc.c().type()
                ? Optional.empty()
                : Optional.of(
                        bias + " is not fused: it must be of " + desc.c().type() + " and along the stride of 1 of c");
    }
}
