package dev.gamut.ffm.opencl;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.DeviceKernel;
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
 * Products in F64 or F32 by CLBlast, of matrices, batches of them, or a matrix and a vector. It computes A·B alone; alpha, beta and the epilogue
 * are applied to its sums by Gamut's own kernel, since the numerics contract has one rounding for each. Its product of halves is not
 * offered: it sums in F16, where the contract sums in F32. It has none of batches of vectors: those are products of matrices.
 *
 * <p>Bound: (k + 2)·u, which holds for every order in which k products, rounded or not, are summed. No bits are promised: parameters
 * are tuned for each device.
 */
final class ClBlastGemm extends DeviceKernel<GemmDesc, GemmExecutor> implements GemmKernel {
    /** What CLBlast may pad a size by. */
    private static final long PADDING = 256;

    private static final long BLOCK = 16;

    private final DType type;
    private final boolean vector;
    private final Supplier<ClHost> host;

    private ClBlastGemm(DType type, boolean vector, Supplier<ClHost> host) {
        super(new KernelInfo(
                KernelId.of("gemm", Collections.nCopies(4, type), vector ? "clblastgemv" : "clblast"),
                ClHost.NAME,
                true,
                vector ? "matrix times vector, by CLBlast" : "by CLBlast"));
        this.type = type;
        this.vector = vector;
        this.host = host;
    }

    static List<ClBlastGemm> kernels(Supplier<ClHost> host) {
        return Stream.of(DType.F64, DType.F32)
                .flatMap(type -> Stream.of(new ClBlastGemm(type, false, host), new ClBlastGemm(type, true, host)))
                .toList();
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
    protected Optional<String> objection(GemmDesc desc, DeviceInfo device) {
        return ofOtherTypes(desc)
                .or(() -> ClGemm.general(desc, device))
                .or(() -> vector ? noVector(desc) : Optional.empty())
                .or(() -> operand("a", desc.a(), vector && desc.m() == 1 && desc.n() != 1))
                .or(() -> operand("b", desc.b(), vector && desc.n() == 1))
                .or(() -> counted(desc));
    }

    private static Optional<String> noVector(GemmDesc desc) {
        if (desc.batch() != 1) {
            return Optional.of("batch is " + desc.batch() + "; matrix times vector is of one");
        }
        return desc.m() != 1 && desc.n() != 1
                ? Optional.of("result is " + desc.m() + "×" + desc.n() + "; one of its sizes must be 1")
                : Optional.empty();
    }

    private static Optional<String> operand(String name, MatrixDesc x, boolean isVector) {
        if (x.scaling().hasScales()) {
            return Optional.of(name + " has scaling " + x.scaling() + "; operands are taken as they are");
        }
        long apart = x.rows() <= 1 && x.cols() <= 1 ? 1 : x.cols() == 1 ? x.rowStride() : x.colStride();
        if (isVector ? apart >= 1 : ClBlastExecutor.ld(x).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(name + " is " + x.rows() + "×" + x.cols() + " with strides " + x.rowStride() + " and "
                + x.colStride()
                + (isVector
                        ? "; elements of a vector must be at least 1 apart"
                        : "; CLBlast takes one stride of 1 and another that is not shorter than a line"));
    }

    /** Whether it can count the elements of all that it is given, and of what it makes of that. */
    private Optional<String> counted(GemmDesc desc) {
        long most = Stream.of(
                        padded(desc.m(), desc.k()),
                        padded(desc.k(), desc.n()),
                        padded(desc.m(), desc.n()),
                        (double) desc.m() * desc.n() * desc.batch(),
                        (double) desc.a().extent(desc.batch()),
                        (double) desc.b().extent(desc.batch()))
                .mapToLong(Double::longValue)
                .max()
                .getAsLong();
        return most <= ClBlast.MOST
                ? Optional.empty()
                : Optional.of("there are " + most + " elements; CLBlast counts them, padded, in 32 bits");
    }

    private double padded(long rows, long cols) {
        return vector ? 0 : (double) (rows + PADDING) * (cols + PADDING);
    }

    @Override
    protected Offer.Accept<GemmExecutor> acceptance(GemmDesc desc, OfferContext context) {
        double blocks = 2 * up(desc.m()) * up(desc.n()) * desc.k() * desc.batch();
        return new Offer.Accept<>(
                ProgramCost.ofProduct(context, info().id(), vector ? desc.flops() : blocks, ""),
                ErrorBound.ofAccumulation(type),
                Determinism.ANY,
                plan -> new ClBlastExecutor(host.get().blas(), desc, vector, plan.device(), ClBlast.MOST));
    }

    /** To whole blocks: with one column a product was seen to take as long as with 16. */
    private static double up(long size) {
        return Math.ceil((double) size / BLOCK) * BLOCK;
    }
}
