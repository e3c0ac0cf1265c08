package dev.gamut.internal.plan;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.device.Device;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.internal.dispatch.Selection;
import dev.gamut.internal.event.PlanEvent;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.DeviceProvider;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.RemoteMemory;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What one Gamut owns: dispatcher, worker pool, plan cache. Thread-safe. */
public final class Engine implements PlanContext, AutoCloseable {
    /** Most plans hold little, since large workspaces belong to the pool; a cache that overflows starts again. */
    private static final int CACHED_PLANS = 4_096;

    /** A power of two. */
    private static final int RECENT = 64;

    private final Dispatcher dispatcher;
    private final OfferContext context;
    private final Overrides overrides;
    private final WorkerPool workers;
    private final Map<GemmDesc, GemmPlan> gemms = new ConcurrentHashMap<>();
    /** The plans asked for last, by the identity of their descriptors. Races only lose an entry: its fields are final. */
    private final Recent[] recent = new Recent[RECENT];

    private final Map<ReduceDesc, ReducePlan> reductions = new ConcurrentHashMap<>();
    private final Map<ConvertDesc, ConvertPlan> conversions = new ConcurrentHashMap<>();
    /** Where operands live, null for the host. */
    private final Device device;

    /** Whose that is. */
    private final DeviceProvider provider;

    /**
     * Plans inner operations: a strict wish is about the whole one, and only a preference for its parts. On the host it stays open, so
     * that an operation under way when this is closed comes to its end.
     */
    private final Engine inner;

    private volatile boolean closed;

    private record Recent(GemmDesc desc, GemmPlan plan) {}

    /**
     * Ready to plan.
     *
     * @param dispatcher kernels
     * @param context machine, tuning, threads
     * @param overrides the user's wish about kernels
     */
    public Engine(Dispatcher dispatcher, OfferContext context, Overrides overrides) {
        this(dispatcher, context, overrides, new WorkerPool(context.threads()), null, null, false);
    }

    private Engine(
            Dispatcher dispatcher,
            OfferContext context,
            Overrides overrides,
            WorkerPool workers,
            Device device,
            DeviceProvider provider,
            boolean isInner) {
        this.dispatcher = dispatcher;
        this.context = context;
        this.overrides = overrides;
        this.workers = workers;
        this.device = device;
        this.provider = provider;
        Overrides preference = new Overrides(overrides.preferred(), false);
        this.inner = isInner ? this : new Engine(dispatcher, context, preference, workers, device, provider, true);
    }

    /**
     * An engine for operands that live on a device, with this one's threads.
     *
     * @param place the device
     * @param provider whose it is
     */
    public Engine on(Device place, DeviceProvider provider) {
        requireOpen();
        OfferContext there = new OfferContext(
                context.machine(),
                context.tuning().over(provider.tuning()),
                context.threads(),
                Optional.of(place.info()));
        Dispatcher placed = dispatcher.on(provider, inner, there.on(Optional.empty()));
        return new Engine(placed, there, overrides, workers, place, provider, false);
    }

    /**
     * An engine for operands that live on the host, with this one's threads, that copies them to devices where it is cheaper to compute there.
     *
     * @param places engines of devices
     */
    public Engine offloading(List<Engine> places) {
        requireOpen();
        Dispatcher both = dispatcher;
        for (Engine place : places) {
            both = both.offloading(place.provider, place.inner, place.context);
        }
        return new Engine(both, context, overrides, workers, null, null, false);
    }

    /** What kernels are prepared with. */
    PlanContext inner() {
        return inner;
    }

    /**
     * Ranks the kernels for a GEMM without preparing any.
     *
     * @param desc the operation
     */
    public Selection<GemmExecutor> select(GemmDesc desc) {
        return dispatcher.select(desc, context, overrides);
    }

    /**
     * Ranks the kernels for a reduction without preparing any.
     *
     * @param desc the operation
     */
    public Selection<ReduceExecutor> select(ReduceDesc desc) {
        return dispatcher.select(desc, context, overrides);
    }

    /**
     * Ranks the kernels for a conversion without preparing any.
     *
     * @param desc the operation
     */
    public Selection<ConvertExecutor> select(ConvertDesc desc) {
        return dispatcher.select(desc, context, overrides);
    }

    /**
     * Lays out a right operand for products that use it again and again, see {@link Dispatcher#packer}.
     *
     * @param b a matrix
     */
    public PackedMatrix pack(Tensor b, Accuracy accuracy) {
        requireOpen();
        if (b.rank() != 2) {
            throw new IllegalArgumentException("b has rank " + b.rank() + "; one matrix of rank 2 can be packed");
        }
        MatrixDesc desc = MatrixDesc.of("b", b);
        Operand operand = new Operand();
        operand.set(b);
        OperandChecks.memory("b", operand, desc.type(), desc.extent(1), false, this);
        OperandChecks.factors("the scale factors of ", "b", b.scales(), this);
        OperandChecks.factors("the zero points of ", "b", b.zeroPoints(), this);
        return dispatcher
                .packer(desc, accuracy, context, overrides)
                .orElseThrow(() -> new UnsupportedProblemException(
                        "a packed " + desc.type() + " operand of " + desc.rows() + "×" + desc.cols(),
                        List.of("no kernel usable here has a packed format for it")))
                .pack(desc, operand, this);
    }

    @Override
    public GemmPlan plan(GemmDesc desc) {
        requireOpen();
        // A caller that keeps its descriptor is served without hashing it, which would cost more than a small product.
        int slot = System.identityHashCode(desc) & RECENT - 1;
        Recent last = recent[slot];
        if (last != null && last.desc == desc) {
            return last.plan;
        }
        GemmPlan known = gemms.get(desc);
        GemmPlan plan = known != null ? known : cache(gemms, desc, this::make);
        recent[slot] = new Recent(desc, plan);
        return plan;
    }

    /**
     * The plan for a reduction, from the cache where there is one.
     *
     * @param desc the operation
     */
    public ReducePlan plan(ReduceDesc desc) {
        requireOpen();
        ReducePlan plan = reductions.get(desc);
        return plan != null ? plan : cache(reductions, desc, this::make);
    }

    /**
     * The plan for a conversion, from the cache where there is one.
     *
     * @param desc the operation
     */
    public ConvertPlan plan(ConvertDesc desc) {
        requireOpen();
        ConvertPlan plan = conversions.get(desc);
        return plan != null ? plan : cache(conversions, desc, this::make);
    }

    private static <D, P> P cache(Map<D, P> cache, D desc, Function<D, P> maker) {
        P made = maker.apply(desc); // outside the map: making a plan may plan inner operations
        if (cache.size() >= CACHED_PLANS) {
            cache.clear();
        }
        P earlier = cache.putIfAbsent(desc, made);
        return earlier != null ? earlier : made;
    }

    private GemmPlan make(GemmDesc desc) {
        Announcement.firstPlan(dispatcher, context);
        PlanEvent event = new PlanEvent();
        event.begin();
        Selection<GemmExecutor> selection = select(desc);
        GemmPlan plan = new PreparedGemm(this, desc, selection.chosen().info(), selection.accepted());
        commit(event, desc, selection);
        return plan;
    }

    private ReducePlan make(ReduceDesc desc) {
        Announcement.firstPlan(dispatcher, context);
        PlanEvent event = new PlanEvent();
        event.begin();
        Selection<ReduceExecutor> selection = select(desc);
        ReducePlan plan = new PreparedReduce(this, desc, selection.chosen().info(), selection.accepted());
        commit(event, desc, selection);
        return plan;
    }

    private ConvertPlan make(ConvertDesc desc) {
        Announcement.firstPlan(dispatcher, context);
        PlanEvent event = new PlanEvent();
        event.begin();
        Selection<ConvertExecutor> selection = select(desc);
        ConvertPlan plan = new PreparedConvert(this, desc, selection.chosen().info(), selection.accepted());
        commit(event, desc, selection);
        return plan;
    }

    private static void commit(PlanEvent event, Object desc, Selection<?> selection) {
        if (event.shouldCommit()) {
            event.operation = desc.toString();
            event.kernel = selection.chosen().info().id().toString();
            event.predictedSeconds = selection.accepted().cost().seconds();
            event.commit();
        }
    }

    /** Kernels and providers. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** What offers are made for. */
    public OfferContext context() {
        return context;
    }

    @Override
    public Capabilities machine() {
        return context.machine();
    }

    @Override
    public Tuning tuning() {
        return context.tuning();
    }

    @Override
    public int threads() {
        return context.threads();
    }

    @Override
    public void parallelFor(int tasks, Task task) {
        workers.parallelFor(tasks, task);
    }

    @Override
    public Device device() {
        if (device == null) {
            throw new IllegalStateException("operands live on the host");
        }
        return device;
    }

    /** Refuses memory of devices that plans of this engine do not compute with. */
    void requireReachable(String name, RemoteMemory memory) {
        if (device != memory.owner()) {
            throw new IllegalArgumentException(name + " lies on " + memory.place() + "; the plan takes operands of "
                    + (device == null ? "" : "one opening of " + device.info().name() + " and of ") + "the host");
        }
        memory.requireOpen();
    }

    /** Refuses to go on after {@link #close}, or after the device was closed. */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    device == null ? "this Gamut is closed" : device.info().name() + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        forget();
        inner.forget();
        if (device == null) {
            workers.close();
        } else {
            inner.closed = true; // its memory goes with the device
        }
    }

    private void forget() {
        gemms.clear();
        Arrays.fill(recent, null);
        reductions.clear();
        conversions.clear();
    }
}
