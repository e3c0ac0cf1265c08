package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared reduction, cut into tasks by its {@link Schedule}: a worker for each task. Allocates nothing when run; one
 * caller at a time.
 *
 * @param <A> array type of the accumulator
 */
abstract class TaskedReduction<A> implements ReduceExecutor, PlanContext.Task {
    final Geometry geometry;
    final Output out;
    private final PlanContext context;
    private final Schedule schedule;
    private final List<Worker<A>> workers = new ArrayList<>();

    TaskedReduction(
            ReduceDesc desc,
            Geometry geometry,
            Schedule schedule,
            Arithmetic<A> arithmetic,
            boolean anyOrder,
            PlanContext context) {
        this.geometry = geometry;
        this.out = new Output(desc.result());
        this.context = context;
        this.schedule = schedule;
        for (int task = 0; task < schedule.tasks(); task++) {
            workers.add(new Worker<>(desc, geometry, arithmetic, anyOrder));
        }
    }

    @Override
    public final void execute(ReduceArgs args) {
        try {
            for (int task = 0; task < workers.size(); task++) {
                workers.get(task).bind(args);
            }
            out.bind(args.out());
            if (schedule.byUnits()) {
                runTasks();
            } else {
                for (long unit = 0; unit < geometry.units(); unit++) {
                    reduceByGroups(unit);
                }
            }
        } finally {
            out.release();
            for (int task = 0; task < workers.size(); task++) {
                workers.get(task).release();
            }
        }
    }

    @Override
    public final void run(int task, Workspace workspace) {
        long from = task * schedule.share();
        if (schedule.byUnits()) {
            long to = Math.min(geometry.units(), from + schedule.share());
            for (long unit = from; unit < to; unit++) {
                reduceUnit(task, unit, workspace);
            }
        } else {
            reduceGroup(task, from, Math.min(geometry.blocks(), from + schedule.share()), workspace);
        }
    }

    final Worker<A> worker(int task) {
        return workers.get(task);
    }

    final int tasks() {
        return workers.size();
    }

    /** Runs all tasks and waits for them. */
    final void runTasks() {
        context.parallelFor(workers.size(), this);
    }

    /** Reduces a unit and stores its results, all in one task. */
    abstract void reduceUnit(int task, long unit, Workspace workspace);

    /** Reduces a unit and stores its results: {@link #runTasks} for each pass. */
    abstract void reduceByGroups(long unit);

    /** Reduces some blocks of the present unit, in one task of {@link #reduceByGroups}. */
    abstract void reduceGroup(int task, long from, long to, Workspace workspace);
}
