package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared reduction to indices: one pass that remembers where the best key stands.
 *
 * @param <A> array type of the accumulator
 */
final class VectorIndexing<A> extends TaskedReduction<A> {
    private final List<IndexSearch<A>> searches = new ArrayList<>();

    /** The unit that groups are working on. */
    private long unit;

    VectorIndexing(
            ReduceDesc desc, Geometry geometry, Schedule schedule, Arithmetic<A> arithmetic, PlanContext context) {
        super(desc, geometry, schedule, arithmetic, false, context);
        for (int task = 0; task < tasks(); task++) {
            searches.add(new IndexSearch<>(worker(task), Selection.of(desc.op())));
        }
    }

    @Override
    void reduceUnit(int task, long which, Workspace workspace) {
        IndexSearch<A> search = searches.get(task);
        search.search(which, 0, geometry.blocks(), workspace);
        for (int c = 0; c < geometry.columns(which); c++) {
            store(which, c, search.index(c));
        }
    }

    @Override
    void reduceByGroups(long which) {
        unit = which;
        runTasks();
        for (int c = 0; c < geometry.columns(unit); c++) {
            IndexSearch<A> best = searches.get(0);
            for (int task = 1; task < tasks(); task++) {
                IndexSearch<A> later = searches.get(task);
                best = IndexSearch.beats(later.key(c), best.key(c)) ? later : best;
            }
            store(unit, c, best.index(c));
        }
    }

    @Override
    void reduceGroup(int task, long from, long to, Workspace workspace) {
        searches.get(task).search(unit, from, to, workspace);
    }

    private void store(long which, int column, long index) {
        out.putIndex(geometry.outFirst(which) + column * geometry.outStride(), index);
    }
}
