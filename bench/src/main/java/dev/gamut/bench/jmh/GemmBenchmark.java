package dev.gamut.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Matrix products. {@code -p types=u8xi8,f32xi4g32 -p shape=n512,m1,b4096x8,bert-ffn}: every combination and shape that
 * the gate's rows can name.
 */
public class GemmBenchmark extends ProblemBenchmark {
    /** gemm, or gemv: a matrix times a vector. */
    @Param("gemm")
    public String op;

    /** Types of the operands. */
    @Param({"f64", "f32"})
    public String types;

    /** Sizes, or the name of a workload. */
    @Param({"n64", "n256", "n1024"})
    public String shape;

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        open(op, types, shape);
    }

    /** C = A·B. */
    @Benchmark
    public void gemm() {
        run();
    }
}
