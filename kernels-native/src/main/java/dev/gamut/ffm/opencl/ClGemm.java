package dev.gamut.ffm.opencl;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.F8E4M3;
import static dev.gamut.dtype.DType.F8E5M2;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I64;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.dtype.DType.U8;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.DeviceKernel;
import dev.gamut.ffm.program.Program;
import dev.gamut.ffm.program.ScalingArguments;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products of one combination of types by Gamut's own kernel in OpenCL C: any strides, batches, scale factors and epilogues of up to four
 * operations. Operands become floats (doubles for F64) as they are read, which is exact, or are rounded once where they have scale factors.
 *
 * <p>Bound: (k + 2)·u, for products are added one after the other by fused multiply-adds. Integers are exact: sums are of 64 bits where k
 * terms may need more than 32. What follows the sum is {@code dev.gamut.internal.reference.ResultWriter}, operation by operation; GELU and
 * SiLU are evaluated in F64 and need a device that has it.
 */
final class ClGemm extends DeviceKernel<GemmDesc, GemmExecutor> implements GemmKernel {
    /** Operations of an epilogue that the kernel has pointers for. */
    static final int LONGEST_CHAIN = 4;

    /** Which a meet which b, to be summed in what, with which results. */
    private record Family(List<DType> a, List<DType> b, DType acc, List<DType> c) {}

    private static final List<DType> F8 = List.of(F8E4M3, F8E5M2);
    private static final List<DType> WEIGHTS = List.of(I8, I4);

    private static final List<Family> FAMILIES = List.of(
            new Family(List.of(F64), List.of(F64), F64, List.of(F64)),
            new Family(List.of(F32), List.of(F32), F32, List.of(F32)),
            new Family(List.of(F16), List.of(F16), F32, List.of(F32, F16)),
            new Family(List.of(BF16), List.of(BF16), F32, List.of(F32, BF16)),
            new Family(F8, F8, F32, List.of(F32, BF16)),
            new Family(List.of(I8), List.of(I8), I32, List.of(I32, I64, F32, I8)),
            new Family(List.of(U8), List.of(I8), I32, List.of(I32)),
            new Family(List.of(F32), WEIGHTS, F32, List.of(F32)),
            new Family(List.of(BF16), WEIGHTS, F32, List.of(F32, BF16)));

    private ClGemm(List<DType> types) {
        super(info(KernelId.of("gemm", types, ClHost.NAME), isVector(types.get(1))));
    }

    private static KernelInfo info(KernelId id, boolean vector) {
        return new KernelInfo(
                vector ? id.tile("8x16") : id,
                ClHost.NAME,
                true,
                "own OpenCL C, " + (vector ? "8 by 16" : "4 by 4") + " elements a work-item");
    }

    /** Types of a right operand that are read sixteen at a time where its rows are contiguous. */
    static boolean isVector(DType right) {
        return List.of(F32, F16, BF16, I8).contains(right);
    }

    static List<ClGemm> kernels() {
        List<ClGemm> all = new ArrayList<>();
        for (Family family : FAMILIES) {
            for (DType a : family.a) {
                for (DType b : family.b) {
                    family.c.forEach(c -> all.add(new ClGemm(List.of(a, b, family.acc, c))));
                }
            }
        }
        return all;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return true;
    }

    @Override
    protected Optional<String> objection(GemmDesc desc, DeviceInfo device) {
        return ofOtherTypes(desc).or(() -> general(desc, device)).or(() -> plain(desc));
    }

    @Override
    protected Offer.Accept<GemmExecutor> acceptance(GemmDesc desc, OfferContext context) {
        boolean exact = isExact(desc);
        return new Offer.Accept<>(
                ClGemmExecutor.cost(desc, info().id(), context),
                ErrorBound.ofAccumulation(desc.acc()),
                exact ? Determinism.bitwise(EvaluationOrder.EXACT) : Determinism.RUN_TO_RUN,
                plan -> new ClGemmExecutor(desc, plan.device()));
    }

    /** Whether C is of integers that nothing follows. */
    static boolean isExact(GemmDesc desc) {
        return desc.acc().isInteger()
                && desc.c().type().isInteger()
                && desc.epilogue().isEmpty();
    }

    private static Optional<String> plain(GemmDesc desc) {
        boolean exact = desc.acc().isInteger();
        for (MatrixDesc operand : List.of(desc.a(), desc.b())) {
            if (exact && operand.scaling().hasScales()) {
                return Optional.of(
                        "an operand has scaling " + operand.scaling() + "; an integer accumulator sums codes");
            }
        }
        Optional<String> factors =
                ScalingArguments.objection("a", desc.a()).or(() -> ScalingArguments.objection("b", desc.b()));
        if (factors.isPresent()) {
            return factors;
        }
        boolean wide = exact && desc.c().type().isInteger() && desc.c().type().bits() > 8;
        return wide && !desc.epilogue().isEmpty()
                ? Optional.of("epilogue " + desc.epilogue() + " on " + desc.c().type() + " is not fused")
                : Optional.empty();
    }

    /** What a product and what follows it need of a device, whoever computes the sums. */
    static Optional<String> general(GemmDesc desc, DeviceInfo device) {
        DType arithmetic = desc.acc().isInteger() ? F32 : desc.acc();
        if (!Program.computes(device, F32)) {
            return Optional.of(
                    device.title() + " does not compute in F32 as IEEE 754 says, subnormal numbers included");
        }
        if (!Program.computes(device, arithmetic)) {
            return Optional.of(device.title() + " has no arithmetic in " + arithmetic);
        }
        if (desc.a().packed().isPresent() || desc.b().packed().isPresent()) {
            return Optional.of("an operand is packed for another kernel");
        }
        if (desc.epilogue().size() > LONGEST_CHAIN) {
            return Optional.of(
                    "epilogue has " + desc.epilogue().size() + " operations; up to " + LONGEST_CHAIN + " are fused");
        }
        return desc.epilogue().stream()
                .flatMap(op -> ClEpilogue.objection(op, arithmetic, device).stream())
                .findFirst();
    }
}
