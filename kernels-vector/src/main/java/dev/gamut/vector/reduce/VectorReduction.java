package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared reduction to numbers: each unit evaluated by one task, or each pass over a unit by tasks over groups of
 * its blocks.
 *
 * @param <A> array type of the accumulator
 */
final class VectorReduction<A> extends TaskedReduction<A> {
    /** One for each task by units; the first one is that of all tasks by groups. */
    private final List<Evaluation<A>> evaluations = new ArrayList<>();

    /** What each group gave, and their tree. */
    private final A partials;

    private final Tree<A> groups;

    /** The pass and the unit that groups are working on. */
    private Step step;

    private long unit;

    VectorReduction(
            ReduceDesc desc,
            Geometry geometry,
            Schedule schedule,
            Arithmetic<A> arithmetic,
            boolean anyOrder,
            PlanContext context) {
        super(desc, geometry, schedule, arithmetic, anyOrder, context);
        int columns = geometry.maxColumns();
        for (int task = 0; task < (schedule.byUnits() ? tasks() : 1); task++) {
            Formula<A> formula = Formula.of(desc.op(), arithmetic, geometry.terms(), columns);
            evaluations.add(new Evaluation<>(geometry, arithmetic, formula));
        }
        this.partials = arithmetic.array(tasks() * columns);
        this.groups = new Tree<>(arithmetic, tasks(), columns);
    }

    @Override
    void reduceUnit(int task, long which, Workspace workspace) {
        Worker<A> worker = worker(task);
        Evaluation<A> evaluation = evaluations.get(task);
        for (Step s = evaluation.begin(which); s != null; s = evaluation.next()) {
            worker.start(s, which, evaluation.scale, evaluation.shift, workspace);
            worker.reduce(s, which, 0, geometry.blocks(), evaluation.result, 0);
        }
        evaluation.store(out);
    }

    @Override
    void reduceByGroups(long which) {
        unit = which;
        Evaluation<A> evaluation = evaluations.get(0);
        for (step = evaluation.begin(unit); step != null; step = evaluation.next()) {
            runTasks();
            groups.start(step.join(), geometry.columns(unit));
            for (int task = 0; task < tasks(); task++) {
                groups.add(partials, task * geometry.maxColumns());
            }
            groups.finish(evaluation.result, 0);
        }
        evaluation.store(out);
    }

    @Override
    void reduceGroup(int task, long from, long to, Workspace workspace) {
        Evaluation<A> evaluation = evaluations.get(0);
        worker(task).start(step, unit, evaluation.scale, evaluation.shift, workspace);
        worker(task).reduce(step, unit, from, to, partials, task * geometry.maxColumns());
    }
}
