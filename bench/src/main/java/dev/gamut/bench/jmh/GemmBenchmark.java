package dev.gamut.bench.jmh;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ProblemId;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Products by the plan that Gamut makes, on operands that rotate as the gate's do. {@code -p types=u8xi8,f32xi4g32 -p
 * shape=n512,m1,b4096x8,bert-ffn}: every combination and shape that the gate's rows can name.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class GemmBenchmark {
    /** gemm, or gemv: a matrix times a vector. */
    @Param("gemm")
    public String op;

    /** Types of the operands. */
    @Param({"f64", "f32"})
    public String types;

    /** Sizes, or the name of a workload. */
    @Param({"n64", "n256", "n1024"})
    public String shape;

    /** Threads. */
    @Param("1")
    public int threads;

    /** Preferred kernels. */
    @Param("*")
    public String kernel;

    private Gamut gamut;
    private Problem.Bound bound;
    private int sets;
    private int set;

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        gamut = Gamut.open(GamutConfig.defaults().threads(threads).kernel(kernel));
        MachineCaches caches = MachineCaches.host();
        Problem problem = ProblemId.of(op, types, shape, false, caches);
        problem.fill(caches, threads, 42);
        bound = problem.bind(gamut);
        sets = problem.sets();
    }

    /** Ends the worker threads. */
    @TearDown(Level.Trial)
    public void close() {
        gamut.close();
    }

    /** C = A·B. */
    @Benchmark
    public void gemm() {
        bound.run(set);
        set = set + 1 == sets ? 0 : set + 1;
    }
}
