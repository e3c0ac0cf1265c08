package dev.gamut.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Conversions of a vector of one type into another, narrow integers as quantisation to them needs it. */
public class ConvertBenchmark extends ProblemBenchmark {
    /** From one type to another. */
    @Param({"f32-bf16", "bf16-f32", "f32-f16", "f32-f8e4m3", "f32-i8", "i4-f32"})
    public String types;

    /** A cache level, memory, or a number of elements such as n1000. */
    @Param({"n4096", "mem"})
    public String shape;

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        open("convert", types, shape);
    }

    /** One conversion. */
    @Benchmark
    public void convert() {
        run();
    }
}
