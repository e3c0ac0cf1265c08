package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared reduction to indices: as {@link VectorReduction}, with one pass that remembers where the best key stands.
 * Allocates nothing when run; one caller at a time.
 *
 * @param <A> array type of the accumulator
 */
final class VectorIndexing<A> implements ReduceExecutor, PlanContext.Task {
    private final PlanContext context;
    private final Geometry geometry;
    private final Schedule schedule;
    private final Output out;
    private final List<Worker<A>> workers = new ArrayList<>();
    private final List<IndexSearch<A>> searches = new ArrayList<>();
    private long unit;

    VectorIndexing(
            ReduceDesc desc, Geometry geometry, Schedule schedule, Arithmetic<A> arithmetic, PlanContext context) {
        this.context = context;
        this.geometry = geometry;
        this.schedule = schedule;
        this.out = new Output(desc.result());
        for (int task = 0; task < schedule.tasks(); task++) {
            Worker<A> worker = new Worker<>(desc, geometry, arithmetic);
            workers.add(worker);
            searches.add(new IndexSearch<>(worker, Selection.of(desc.op())));
        }
    }

    @Override
    public void execute(ReduceArgs args) {
        try {
            for (int task = 0; task < workers.size(); task++) {
                workers.get(task).bind(args);
            }
            out.bind(args.out());
            if (schedule.byUnits()) {
                context.parallelFor(schedule.tasks(), this);
            } else {
                byGroups();
            }
        } finally {
            out.release();
            for (int task = 0; task < workers.size(); task++) {
                workers.get(task).release();
            }
        }
    }

    @Override
    public void run(int task, Workspace workspace) {
        IndexSearch<A> search = searches.get(task);
        long from = task * schedule.share();
        if (schedule.byUnits()) {
            long to = Math.min(geometry.units(), from + schedule.share());
            for (long u = from; u < to; u++) {
                search.start(u, workspace);
                search.search(u, 0, geometry.blocks());
                for (int c = 0; c < geometry.columns(u); c++) {
                    store(u, c, search.index(c));
                }
            }
        } else {
            search.start(unit, workspace);
            search.search(unit, from, Math.min(geometry.blocks(), from + schedule.share()));
        }
    }

    private void byGroups() {
        for (unit = 0; unit < geometry.units(); unit++) {
            context.parallelFor(schedule.tasks(), this);
            for (int c = 0; c < geometry.columns(unit); c++) {
                IndexSearch<A> best = searches.get(0);
                for (int task = 1; task < schedule.tasks(); task++) {
                    IndexSearch<A> later = searches.get(task);
                    best = IndexSearch.beats(later.key(c), best.key(c)) ? later : best;
                }
                store(unit, c, best.index(c));
            }
        }
    }

    private void store(long u, int column, long index) {
        out.putIndex(geometry.outFirst(u) + column * geometry.outStride(), index);
    }
}
