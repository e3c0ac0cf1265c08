package dev.gamut.ffm.opencl;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.ProgramCost;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Products in F64 or F32 by CLBlast. It computes A·B alone; alpha, beta and the epilogue are applied to its sums by Gamut's own kernel, since
 * the numerics contract has one rounding for each. Its product of halves is not offered: it sums in F16, where the contract sums in F32.
 *
 * <p>Bound: (k + 2)·u, which holds for every order in which k products, rounded or not, are summed. No bits are promised: parameters
 * are tuned for each device.
 */
final class ClBlastGemm implements GemmKernel {
    private final DType type;
    private final Supplier<ClHost> host;
    private final KernelInfo info;

    private ClBlastGemm(DType type, Supplier<ClHost> host) {
        this.type = type;
        this.host = host;
        this.info = new KernelInfo(
                KernelId.of("gemm", Collections.nCopies(4, type), "clblast"), ClHost.NAME, true, "by CLBlast");
    }

    static List<ClBlastGemm> kernels(Supplier<ClHost> host) {
        return Stream.of(DType.F64, DType.F32)
                .map(type -> new ClBlastGemm(type, host))
                .toList();
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    /** Asked after the provider, so that nothing is looked for on another machine's behalf. */
    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.ofNullable(host.get().blasFailure());
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return true;
    }

    @Override
    public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason = desc.types().equals(info.id().types())
                ? ClGemm.objection(desc, context.device().orElseThrow())
                        .or(() -> lines("a", desc.a()))
                        .or(() -> lines("b", desc.b()))
                : Optional.of("types are " + desc.types() + "; the kernel's are "
                        + info.id().types());
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                ProgramCost.ofProduct(context, info.id(), desc.flops()),
                ErrorBound.ofAccumulation(type),
                Determinism.ANY,
                plan -> new ClBlastExecutor(host.get().blas(), desc, plan.device()));
    }

    private static Optional<String> lines(String name, MatrixDesc x) {
        if (x.scaling().hasScales()) {
            return Optional.of(name + " has scaling " + x.scaling() + "; operands are taken as they are");
        }
        return ClBlastExecutor.ld(x).isPresent()
                ? Optional.empty()
                : Optional.of(name + " is " + x.rows() + "×" + x.cols() + " with strides " + x.rowStride() + " and "
                        + x.colStride()
                        + "; CLBlast takes one stride of 1 and another that is not shorter than a line");
    }

    @Override
    public String toString() {
        return info.id().toString();
    }
}
