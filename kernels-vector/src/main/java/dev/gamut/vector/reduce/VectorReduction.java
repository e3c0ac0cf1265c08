package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared reduction to numbers: each unit evaluated by one task, or each pass over a unit by tasks over groups of its
 * blocks. Allocates nothing when run; one caller at a time.
 *
 * @param <A> array type of the accumulator
 */
final class VectorReduction<A> implements ReduceExecutor, PlanContext.Task {
    private final PlanContext context;
    private final Geometry geometry;
    private final Schedule schedule;
    private final Output out;
    private final List<Worker<A>> workers = new ArrayList<>();

    /** One for each task by units; the first one is that of all tasks by groups. */
    private final List<Evaluation<A>> evaluations = new ArrayList<>();

    private final A partials;
    private final Tree<A> groups;

    /** The pass that groups are working on. */
    private Step step;

    private long unit;

    VectorReduction(
            ReduceDesc desc,
            Geometry geometry,
            Schedule schedule,
            Arithmetic<A> arithmetic,
            boolean tree64,
            PlanContext context) {
        this.context = context;
        this.geometry = geometry;
        this.schedule = schedule;
        this.out = new Output(desc.result());
        int columns = geometry.maxColumns();
        for (int task = 0; task < schedule.tasks(); task++) {
            workers.add(new Worker<>(desc, geometry, arithmetic));
            if (schedule.byUnits() || task == 0) {
                Formula<A> formula = Formula.of(desc.op(), arithmetic, geometry.terms(), columns, tree64);
                evaluations.add(new Evaluation<>(geometry, arithmetic, formula));
            }
        }
        this.partials = arithmetic.array(schedule.byUnits() ? 0 : schedule.tasks() * columns);
        this.groups = new Tree<>(arithmetic, schedule.tasks(), columns);
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
        if (schedule.byUnits()) {
            long from = task * schedule.share();
            long to = Math.min(geometry.units(), from + schedule.share());
            for (long u = from; u < to; u++) {
                evaluate(workers.get(task), evaluations.get(task), u, workspace);
            }
        } else {
            Worker<A> worker = workers.get(task);
            long from = task * schedule.share();
            long to = Math.min(geometry.blocks(), from + schedule.share());
            worker.start(step, unit, evaluations.get(0).scale, evaluations.get(0).shift, workspace);
            worker.reduce(step, unit, from, to, partials, task * geometry.maxColumns());
        }
    }

    private void evaluate(Worker<A> worker, Evaluation<A> evaluation, long u, Workspace workspace) {
        for (Step s = evaluation.begin(u); s != null; s = evaluation.next()) {
            worker.start(s, u, evaluation.scale, evaluation.shift, workspace);
            worker.reduce(s, u, 0, geometry.blocks(), evaluation.result, 0);
        }
        evaluation.store(out);
    }

    private void byGroups() {
        Evaluation<A> evaluation = evaluations.get(0);
        for (unit = 0; unit < geometry.units(); unit++) {
            for (step = evaluation.begin(unit); step != null; step = evaluation.next()) {
                context.parallelFor(schedule.tasks(), this);
                groups.start(step.join(), geometry.columns(unit));
                for (int task = 0; task < schedule.tasks(); task++) {
                    groups.add(partials, task * geometry.maxColumns());
                }
                groups.finish(evaluation.result, 0);
            }
            evaluation.store(out);
        }
    }
}
