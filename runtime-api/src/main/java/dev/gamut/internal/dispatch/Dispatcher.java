package dev.gamut.internal.dispatch;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Demand;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.internal.reference.ReferenceProvider;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.spi.Tuning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Asks every registered kernel and ranks the answers: a pure function of (descriptor, machine, tuning, overrides). The
 * reference provider is always registered and always last. Immutable and thread-safe.
 */
public final class Dispatcher {
    /** A product of this many rows stands for "large" when the kernel of a packed operand is chosen. */
    private static final long ROWS_PACKED_FOR = 256;

    /** Steps whose sum fits I32, whichever bytes are multiplied. */
    private static final long FITTING_I32 = 0x8000;

    private final List<KernelProvider> providers;
    /** Whose kernels rank before all others: the device's, where operands live on one. */
    private final Optional<String> home;

    private final Tuning tuning;

    /** Hundreds of kernels are of other types than an operation's, and need not be asked: which ones are is remembered. */
    private final Map<Subject, List<Entry>> entries = new ConcurrentHashMap<>();

    private record Subject(String operation, List<DType> operands) {
        static Subject of(Demand demand) {
            return new Subject(demand.operation(), demand.operands());
        }

        boolean concerns(KernelId id) {
            int count = operands.size();
            return id.op().equals(operation)
                    && id.types().size() >= count
                    && id.types().subList(0, count).equals(operands);
        }
    }

    private record Entry(KernelProvider provider, Kernel<?, ?> kernel) {}

    /**
     * With given providers.
     *
     * @param found providers other than the reference
     */
    public Dispatcher(List<KernelProvider> found) {
        List<KernelProvider> all = new ArrayList<>(found);
        all.sort(Comparator.comparing(KernelProvider::name)); // whatever order they were found in
        all.add(new ReferenceProvider());
        this(all, Optional.empty());
    }

    private Dispatcher(List<KernelProvider> all, Optional<String> home) {
        this.providers = List.copyOf(all);
        this.home = home;
        tuning = providers.stream().map(KernelProvider::tuning).reduce(Tuning.EMPTY, Tuning::over);
    }

    /** With every provider on the module or class path. */
    public static Dispatcher discovered() {
        return new Dispatcher(ServiceLoader.load(KernelProvider.class, Dispatcher.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /**
     * For operands that live on a device: its kernels, and after them those of this dispatcher on copies.
     *
     * @param device provider of the device
     * @param host where kernels of the host are prepared
     * @param context what they are asked with
     */
    public Dispatcher on(KernelProvider device, PlanContext host, OfferContext context) {
        List<KernelProvider> all = new ArrayList<>();
        all.add(PlacedKernels.resident(device));
        providers.forEach(provider -> all.add(PlacedKernels.elsewhere(provider, host, context)));
        return new Dispatcher(all, Optional.of(device.name()));
    }

    /**
     * For operands that live on the host: its kernels, and among them, by what they and the copies take together, those of a device.
     *
     * @param device provider of the device
     * @param plans where its kernels are prepared
     * @param context what they are asked with, on the device
     */
    public Dispatcher offloading(KernelProvider device, PlanContext plans, OfferContext context) {
        List<KernelProvider> all = new ArrayList<>(providers);
        all.add(PlacedKernels.elsewhere(device, plans, context));
        return new Dispatcher(all, home);
    }

    /** All providers, the reference last. */
    public List<KernelProvider> providers() {
        return providers;
    }

    /** The providers' own cost constants. */
    public Tuning tuning() {
        return tuning;
    }

    /** Every kernel of every provider. */
    public List<Kernel<?, ?>> kernels() {
        return providers.stream().flatMap(p -> p.kernels().stream()).toList();
    }

    /**
     * Ranks the kernels for a GEMM.
     *
     * @param desc the operation
     * @param context machine, tuning and threads
     * @param wish overrides
     */
    public Selection<GemmExecutor> select(GemmDesc desc, OfferContext context, Overrides wish) {
        OfferContext asked = context.inner(
                inner -> select(inner, context, Overrides.NONE).accepted().cost());
        return rank(GemmKernel.class, desc, context, wish, kernel -> GemmOffers.ask(kernel, desc, asked));
    }

    /**
     * Ranks the kernels for a reduction.
     *
     * @param desc the operation
     * @param context machine, tuning and threads
     * @param wish overrides
     */
    public Selection<ReduceExecutor> select(ReduceDesc desc, OfferContext context, Overrides wish) {
        return rank(ReduceKernel.class, desc, context, wish, kernel -> kernel.offer(desc, context));
    }

    /**
     * Ranks the kernels for a conversion.
     *
     * @param desc the operation
     * @param context machine, tuning and threads
     * @param wish overrides
     */
    public Selection<ConvertExecutor> select(ConvertDesc desc, OfferContext context, Overrides wish) {
        return rank(ConvertKernel.class, desc, context, wish, kernel -> kernel.offer(desc, context));
    }

    /**
     * The kernel that lays out a right operand for products that use it again and again: of those that have a format for it the fastest for
     * {@value #ROWS_PACKED_FOR} rows of the same type, or more where other arithmetic than native is admitted. Which type of results is
     * wanted later on does not matter to the format.
     *
     * @param b a plain matrix
     * @param accuracy what those products demand
     * @param context machine, tuning and threads
     * @param wish overrides
     * @return empty where no usable kernel has a format for it
     */
    public Optional<GemmKernel> packer(MatrixDesc b, Accuracy accuracy, OfferContext context, Overrides wish) {
        // Offers count laying b out: as many rows as sums have terms make up for that where it takes long, as residues
        // do.
        long rows = accuracy.equals(Accuracy.NATIVE) ? ROWS_PACKED_FOR : Math.max(ROWS_PACKED_FOR, b.rows());
        return typicalProducts(b, rows)
                .map(product -> product.accuracy(accuracy))
                .flatMap(product -> select(product, context, wish).candidates().stream())
                .filter(Candidate::eligible)
                .flatMap(c -> kernels().stream().filter(k -> k.info().equals(c.info())))
                .filter(GemmKernel.class::isInstance)
                .map(GemmKernel.class::cast)
                .filter(k -> k.packs(b))
                .findFirst();
    }

    /**
     * Weights of integers meet F32 rows. Bytes meet signed ones, and where no kernel does that unsigned ones; exact sums go to the widest
     * type first, which is good for any k, numbers in floating point to the accumulator's.
     */
    private static Stream<GemmDesc> typicalProducts(MatrixDesc b, long rows) {
        boolean bytes = b.type().isInteger() && !b.scaling().hasScales();
        List<DType> lefts =
                bytes ? List.of(b.type(), DType.U8) : List.of(b.type().isInteger() ? DType.F32 : b.type());
        return lefts.stream()
                .distinct()
                .map(left -> MatrixDesc.rowMajor(left, rows, b.rows()))
                .flatMap(a -> {
                    DType acc = GemmDesc.accumulator(a, b);
                    return Stream.of(acc.isInteger() ? DType.I64 : acc, acc, b.type())
                            .distinct()
                            .filter(c -> c.isFloat() || c.bits() >= acc.bits())
                            .filter(c -> c != DType.I32 || b.rows() <= FITTING_I32)
                            .map(c -> MatrixDesc.rowMajor(c, rows, b.cols()))
                            .map(c -> GemmDesc.of(a, b, c));
                });
    }

    private List<Entry> entries(Subject subject) {
        return entries.computeIfAbsent(
                subject,
                s -> registered().filter(e -> s.concerns(e.kernel.info().id())).toList());
    }

    private Stream<Entry> registered() {
        return providers.stream().flatMap(p -> p.kernels().stream().map(k -> new Entry(p, k)));
    }

    /**
     * Kernels for the same operation on operands of other types, which are not asked.
     *
     * @param demand the operation
     */
    public List<Candidate<?>> others(Demand demand) {
        Subject subject = Subject.of(demand);
        String reason = "it is for operands of other types than " + demand.operands();
        return registered()
                .filter(e -> e.kernel.info().id().op().equals(demand.operation())
                        && !subject.concerns(e.kernel.info().id()))
                .<Candidate<?>>map(
                        e -> new Candidate<>(e.kernel.info(), place(e.provider), decline(reason), Optional.of(reason)))
                .toList();
    }

    private <X, K extends Kernel<?, X>> Selection<X> rank(
            Class<K> kind, Demand demand, OfferContext context, Overrides wish, Function<K, Offer<X>> ask) {
        List<Candidate<X>> candidates = new ArrayList<>();
        Set<Candidate<X>> preferred = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Entry entry : entries(Subject.of(demand))) {
            K k = kind.cast(entry.kernel);
            Optional<String> reason =
                    entry.provider.unavailable(context.machine()).or(() -> k.unavailable(context.machine()));
            Offer<X> offer = reason.map(Dispatcher::<X>decline).orElseGet(() -> ask.apply(k));
            Candidate<X> candidate =
                    new Candidate<>(k.info(), place(entry.provider), offer, rejection(k, offer, demand));
            candidates.add(candidate);
            if (wish.preferred().isPresent()
                    && wish.preferred().get().matches(candidate.info().id())) {
                preferred.add(candidate);
            }
        }
        Comparator<Candidate<X>> byRank = Comparator.comparing((Candidate<X> c) -> !c.eligible())
                .thenComparing(c -> !preferred.contains(c))
                .thenComparing(
                        c -> home.isPresent() && !home.get().equals(c.info().provider()))
                .thenComparing(c -> c.info().provider().equals(ReferenceProvider.NAME))
                .thenComparingDouble(Candidate::seconds);
        candidates.sort(byRank); // stable: equal costs stay in the order of the tables
        Selection<X> selection = new Selection<>(demand, List.copyOf(candidates));
        return wish.strict() && concerns(wish.preferred().orElseThrow(), demand.operation())
                ? strictly(selection, preferred, wish.preferred().orElseThrow())
                : selection;
    }

    private boolean concerns(Glob wish, String operation) {
        return registered()
                .map(e -> e.kernel.info().id())
                .anyMatch(id -> id.op().equals(operation) && wish.matches(id));
    }

    private static <X> Offer<X> decline(String reason) {
        return new Offer.Decline<>(reason);
    }

    /**
     * In strict mode every kernel that is not preferred stands aside, with that as its reason. Only operations are concerned
     * that a preferred kernel is for: strict products leave sums alone.
     */
    private static <X> Selection<X> strictly(Selection<X> selection, Set<Candidate<X>> preferred, Glob glob) {
        return new Selection<>(
                selection.demand(),
                selection.candidates().stream()
                        .map(c -> c.eligible() && !preferred.contains(c)
                                ? new Candidate<>(
                                        c.info(),
                                        c.place(),
                                        c.offer(),
                                        Optional.of("not among the kernels allowed, " + glob))
                                : c)
                        .toList());
    }

    private static Optional<String> place(KernelProvider provider) {
        return provider instanceof PlacedKernels placed ? placed.place() : Optional.empty();
    }

    private static <X> Optional<String> rejection(Kernel<?, X> kernel, Offer<X> offer, Demand demand) {
        return switch (offer) {
            case Offer.Decline<X> decline -> Optional.of(decline.reason());
            case Offer.Accept<X> accept -> rejection(kernel, accept, demand);
        };
    }

    private static <X> Optional<String> rejection(Kernel<?, X> kernel, Offer.Accept<X> accept, Demand demand) {
        if (!demand.accuracy().admits(accept.bound(), kernel.info().ieee(), demand.terms())) {
            return Optional.of("its bound " + accept.bound() + (kernel.info().ieee() ? "" : " in non-native arithmetic")
                    + " does not meet accuracy " + demand.accuracy());
        }
        if (!accept.determinism().meets(demand.determinism())) {
            return Optional.of("it promises " + accept.determinism() + ", demanded is " + demand.determinism());
        }
        return Optional.empty();
    }
}
