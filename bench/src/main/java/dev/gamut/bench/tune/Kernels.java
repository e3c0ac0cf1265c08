package dev.gamut.bench.tune;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.Tuning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The kernels whose constants are measured: products of one type, on one thread, that the shipped tables know a share of the peak for.
 */
final class Kernels {
    private static final String SHARE = "fma_share";

    /** What only Gamut's own unpacked kernels have a constant for: a library packs. */
    private static final String UNPACKED = "cycles_per_l2_vector";

    /** Whose sums are kept in the lanes of a type, as a pattern: small integers are exact in those of F32. */
    private static final Map<DType, String> ACCUMULATORS = Map.of(DType.F64, "f64", DType.F32, "{f32,i32}");

    /** Of a product that any kernel takes. */
    private static final int SIDE = 64;

    private final Capabilities machine;
    private final Glob wanted;
    private final Tuning shipped;
    private final List<KernelId> ids = new ArrayList<>();

    /**
     * Finds them.
     *
     * @param machine this machine
     * @param wanted a pattern over their ids
     */
    Kernels(Capabilities machine, Glob wanted) {
        this.machine = machine;
        this.wanted = wanted;
        Tuning tables = Tuning.EMPTY;
        List<Kernel<?, ?>> usable = new ArrayList<>();
        for (KernelProvider provider :
                ServiceLoader.load(KernelProvider.class, KernelProvider.class.getClassLoader())) {
            tables = tables.over(provider.tuning());
            if (provider.unavailable(machine).isEmpty()) {
                usable.addAll(provider.kernels());
            }
        }
        shipped = tables;
        usable.stream()
                .filter(kernel -> kernel.unavailable(machine).isEmpty())
                .filter(kernel -> !Double.isNaN(shipped(kernel.info().id(), SHARE)))
                .filter(this::takesOneThread)
                .map(kernel -> kernel.info().id())
                .forEach(ids::add);
    }

    /** A library that cannot be told its number of threads does not take a product that is to be computed by one. */
    private boolean takesOneThread(Kernel<?, ?> kernel) {
        KernelId id = kernel.info().id();
        return kernel instanceof GemmKernel gemm
                && gemm.offer(
                                GemmDesc.of(id.types().getFirst(), SIDE, SIDE, SIDE),
                                new OfferContext(machine, shipped, 1))
                        instanceof Offer.Accept<?>;
    }

    /** Whether nothing is to be measured. */
    boolean isEmpty() {
        return packed(DType.F64).isEmpty()
                && packed(DType.F32).isEmpty()
                && small(DType.F64).isEmpty()
                && small(DType.F32).isEmpty()
                && libraries(DType.F64).isEmpty()
                && libraries(DType.F32).isEmpty();
    }

    /** The packed kernels of a type that are wanted, one for each register tile. */
    List<KernelId> packed(DType type) {
        return tiles(type).stream().filter(wanted::matches).toList();
    }

    /** Whether all packed kernels of a type are wanted, and with them the constants that they share. */
    boolean allPacked(DType type) {
        return tiles(type).stream().allMatch(wanted::matches);
    }

    private List<KernelId> tiles(DType type) {
        return ids.stream()
                .filter(id -> isOf(type, id) && id.tile().isPresent())
                .toList();
    }

    /** The unpacked kernels of a type that are wanted. */
    List<KernelId> small(DType type) {
        return tileless(type, true);
    }

    /** The products of a type by other libraries that are wanted. */
    List<KernelId> libraries(DType type) {
        return tileless(type, false);
    }

    private List<KernelId> tileless(DType type, boolean unpacked) {
        return ids.stream()
                .filter(id -> isOf(type, id) && id.tile().isEmpty() && wanted.matches(id))
                .filter(id -> unpacked != Double.isNaN(shipped(id, UNPACKED)))
                .toList();
    }

    private static boolean isOf(DType type, KernelId id) {
        return id.types().equals(Collections.nCopies(4, type));
    }

    /** What the shipped tables say; NaN where they have no line. */
    double shipped(KernelId id, String constant) {
        return shipped.get(machine, id, constant, Double.NaN);
    }

    /** What the shipped tables say of a constant that is the same for all products. */
    double shipped(String constant) {
        return ids.isEmpty() ? Double.NaN : shipped(ids.getFirst(), constant);
    }

    /** All packed kernels that compute in the lanes of a type. */
    static String pattern(DType type) {
        return "gemm_*_" + ACCUMULATORS.get(type) + "_*_vec";
    }

    /** Those of them with the tile of one. */
    static String pattern(DType type, KernelId id) {
        return "gemm_*_" + ACCUMULATORS.get(type) + "_*_" + id.tile().orElseThrow() + "*_" + id.impl();
    }
}
