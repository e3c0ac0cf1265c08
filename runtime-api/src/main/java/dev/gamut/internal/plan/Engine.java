package dev.gamut.internal.plan;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.internal.dispatch.Selection;
import dev.gamut.internal.event.PlanEvent;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Tuning;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What one Gamut owns: dispatcher, worker pool, plan cache. Thread-safe. */
public final class Engine implements PlanContext, AutoCloseable {
    /** Plans hold little (large workspaces belong to the pool); a cache that overflows starts again. */
    private static final int CACHED_PLANS = 4_096;

    private final Dispatcher dispatcher;
    private final OfferContext context;
    private final Overrides overrides;
    private final WorkerPool workers;
    private final Map<GemmDesc, GemmPlan> gemms = new ConcurrentHashMap<>();
    private final Map<ReduceDesc, ReducePlan> reductions = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Ready to plan.
     *
     * @param dispatcher kernels
     * @param context machine, tuning, threads
     * @param overrides the user's wish about kernels
     */
    public Engine(Dispatcher dispatcher, OfferContext context, Overrides overrides) {
        this.dispatcher = dispatcher;
        this.context = context;
        this.overrides = overrides;
        this.workers = new WorkerPool(context.threads());
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

    @Override
    public GemmPlan plan(GemmDesc desc) {
        requireOpen();
        GemmPlan plan = gemms.get(desc);
        return plan != null ? plan : cache(gemms, desc, this::make);
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

    /** Refuses to go on after {@link #close}. */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this Gamut is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        gemms.clear();
        reductions.clear();
        workers.close();
    }
}
