package dev.gamut.ffm.blas;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Products in one precision by one vendor's library, if that is the one of this process.
 *
 * <p>Bound: (k + 2)·u. It holds for every order in which k products, each rounded or not, can be summed one by one or in parts. It rests
 * on the library computing conventional products in IEEE arithmetic, as Netlib, OpenBLAS, oneMKL and BLIS do unless they are told
 * otherwise; Strassen's algorithm or factors rounded to BF16 would not keep it. The conformance rules check it for a library at hand:
 * {@code gamut verify --kernel '*_openblas'}.
 *
 * <p>No bits are promised: these libraries may divide the work by the alignment of operands and by whichever threads are free.
 */
final class BlasGemm implements GemmKernel {
    private static final int LARGEST = Integer.MAX_VALUE;

    /** Bytes of copies that a workspace is kept for. */
    private static final long LARGEST_COPY = 1L << 30;

    private final Vendor vendor;
    private final Precision precision;
    private final Supplier<HostBlas> host;
    private final KernelInfo info;

    BlasGemm(Vendor vendor, Precision precision, Supplier<HostBlas> host) {
        this.vendor = vendor;
        this.precision = precision;
        this.host = host;
        KernelId id = KernelId.of("gemm", Collections.nCopies(4, precision.type), vendor.id());
        this.info = new KernelInfo(id, BlasProvider.NAME, true, "by " + vendor.title + "; arrays are copied for it");
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return BlasProvider.unavailable(machine, host)
                .or(() -> Optional.of(host.get().library())
                        .filter(library -> library.vendor() != vendor)
                        .map(library -> "the BLAS library of this process is " + library.vendor().title));
    }

    @Override
    public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason = types(desc)
                .or(() -> unavailable(context.machine()))
                .or(() -> storage(desc))
                .or(() -> copies(desc))
                .or(() -> threads(context));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        CostModel model = model(context);
        return new Offer.Accept<>(
                cost(desc, model),
                ErrorBound.ofAccumulation(precision.type),
                Determinism.ANY,
                plan -> prepare(desc, plan, model.threadsFor(desc.flops())));
    }

    private GemmExecutor prepare(GemmDesc desc, PlanContext context, int threads) {
        return new BlasExecutor(host.get().library(), precision, desc, context, threads);
    }

    private Optional<String> types(GemmDesc desc) {
        if (!desc.types().equals(info.id().types())) {
            return Optional.of("types are " + desc.types() + "; the kernel's are "
                    + info.id().types());
        }
        return desc.epilogue().isEmpty()
                ? Optional.empty()
                : Optional.of("epilogue " + desc.epilogue() + " is not fused");
    }

    private static Optional<String> storage(GemmDesc desc) {
        return Stream.of(
                        counted("m", desc.m()),
                        counted("n", desc.n()),
                        counted("k", desc.k()),
                        operand("a", desc.a()),
                        operand("b", desc.b()),
                        operand("c", desc.c()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> operand(String name, MatrixDesc x) {
        if (x.packed().isPresent()) {
            return Optional.of(name + " is packed for " + x.packed().get());
        }
        if (x.scaling().hasScales()) {
            return Optional.of(name + " has scaling " + x.scaling() + "; operands are taken as they are");
        }
        Optional<Lines> lines = Lines.of(x);
        if (lines.isEmpty()) {
            return Optional.of(name + " is " + x.rows() + "×" + x.cols() + " with strides " + x.rowStride() + " and "
                    + x.colStride() + "; the BLAS takes one stride of 1 and another that is not shorter than a line");
        }
        return counted("the leading dimension of " + name, lines.get().ld());
    }

    private static Optional<String> counted(String name, long size) {
        return size <= LARGEST
                ? Optional.empty()
                : Optional.of(name + " is " + size + "; the BLAS counts up to " + LARGEST);
    }

    private Optional<String> copies(GemmDesc desc) {
        double elements = (double) desc.m() * desc.k() + (double) desc.k() * desc.n() + (double) desc.m() * desc.n();
        double bytes = elements * precision.type.bits() / Byte.SIZE;
        return bytes <= LARGEST_COPY
                ? Optional.empty()
                : Optional.of("copies of its arrays would take " + Math.round(bytes) + " bytes; at most " + LARGEST_COPY
                        + " are taken");
    }

    private Optional<String> threads(OfferContext context) {
        int all = context.machine().cores();
        return host.get().library().countsThreads() || context.threads() >= all
                ? Optional.empty()
                : Optional.of("the library cannot be told how many threads to use: it may take all " + all
                        + ", and those asked for are " + context.threads());
    }

    /** Libraries use the widest vectors they find. */
    private CostModel model(OfferContext context) {
        int bits = context.machine().features().stream()
                .mapToInt(Feature::vectorBits)
                .reduce(precision.type.bits(), Math::max);
        return new CostModel(context, info.id(), bits);
    }

    /** Operands may be arrays, which are copied by one thread; the library's own packing counts with that. */
    private Cost cost(GemmDesc desc, CostModel model) {
        double m = desc.m();
        double n = desc.n();
        double k = desc.k();
        int threads = model.threadsFor(desc.flops());
        return new Cost(
                model.seconds(desc.flops() / model.peak("fma_share")) / threads,
                model.seconds(m * n * desc.batch() * model.get("cycles_per_result")),
                model.seconds((m * k + k * n) * desc.batch() * model.get("cycles_per_packed_element")),
                model.seconds(model.get("call_cycles") * desc.batch() + model.forkCycles(threads)),
                0);
    }
}
