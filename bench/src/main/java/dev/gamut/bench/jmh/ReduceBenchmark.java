package dev.gamut.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Reductions of one vector to one number, from each level of the memory hierarchy.
 */
public class ReduceBenchmark extends ProblemBenchmark {
    /** What to compute. */
    @Param({"sum", "dot", "max"})
    public String op;

    /** Types of the operands. */
    @Param({"f64", "f32"})
    public String types;

    /** Half of a cache level, memory, or a number of elements such as n1000. */
    @Param({"l1", "l2", "mem"})
    public String shape;

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        open(op, types, shape);
    }

    /** One reduction. */
    @Benchmark
    public void reduce() {
        run();
    }
}
