package dev.gamut.bench.jmh;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
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

/** Square products by the plan that Gamut makes; {@code -p kernel=GLOB} prefers other kernels. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class GemmBenchmark {
    /** Type of all operands. */
    @Param({"f64", "f32"})
    public String type;

    /** Rows and columns. */
    @Param({"64", "256", "1024"})
    public int n;

    /** Threads. */
    @Param("1")
    public int threads;

    /** Preferred kernels. */
    @Param("*")
    public String kernel;

    private Gamut gamut;
    private GemmPlan plan;
    private final GemmArgs args = new GemmArgs();

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        gamut = Gamut.open(GamutConfig.defaults().threads(threads).kernel(kernel));
        DType dtype = DType.parse(type);
        plan = gamut.plan(GemmDesc.of(dtype, n, n, n));
        args.a().set(Operands.random(dtype, n, n));
        args.b().set(Operands.random(dtype, n, n));
        args.c().set(Operands.random(dtype.gemmAccumulator(), n, n));
    }

    /** Ends the worker threads. */
    @TearDown(Level.Trial)
    public void close() {
        gamut.close();
    }

    /** C = A·B. */
    @Benchmark
    public void gemm() {
        plan.run(args);
    }
}
