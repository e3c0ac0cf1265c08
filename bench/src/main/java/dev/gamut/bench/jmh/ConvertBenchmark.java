package dev.gamut.bench.jmh;

import dev.gamut.bench.problem.RandomData;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Conversions of a vector of one type into another, narrow integers as quantisation to them needs it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ConvertBenchmark {
    /** From one type to another. */
    @Param({"f32-bf16", "bf16-f32", "f32-f16", "f32-f8e4m3", "f32-i8", "i4-f32"})
    public String types;

    /** Elements. */
    @Param({"4096", "16777216"})
    public int n;

    private Tensor source;
    private Tensor target;

    /** Fills the source. */
    @Setup(Level.Trial)
    public void fill() {
        String[] pair = types.split("-", 2);
        source = Tensor.zeros(DType.parse(pair[0]), n);
        target = Tensor.zeros(DType.parse(pair[1]), n);
        new RandomData(42).fill(source);
    }

    /** One conversion. */
    @Benchmark
    public void convert() {
        Convert.convert(source.segment(), source.dtype(), 0, target.segment(), target.dtype(), 0, n);
    }
}
