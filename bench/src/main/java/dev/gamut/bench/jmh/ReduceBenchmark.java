package dev.gamut.bench.jmh;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Layout;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reductions of one vector to one number. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ReduceBenchmark {
    /** What to compute. */
    @Param({"SUM", "DOT", "MAX"})
    public ReduceOp op;

    /** Element type. */
    @Param({"f64", "f32"})
    public String type;

    /** Elements: in the first, in the second cache level, in memory. */
    @Param({"4096", "65536", "16777216"})
    public int n;

    /** Threads. */
    @Param("1")
    public int threads;

    private Gamut gamut;
    private ReducePlan plan;
    private final ReduceArgs args = new ReduceArgs();

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        gamut = Gamut.open(GamutConfig.defaults().threads(threads));
        DType dtype = DType.parse(type);
        ReduceDesc desc = ReduceDesc.of(op, dtype, Layout.rowMajor(n), ReduceDesc.ALL);
        plan = gamut.plan(desc);
        args.x().set(Operands.random(dtype, n));
        args.y().set(Operands.random(dtype, n));
        args.out().set(Tensor.zeros(desc.result(), 1));
    }

    /** Ends the worker threads. */
    @TearDown(Level.Trial)
    public void close() {
        gamut.close();
    }

    /** One reduction. */
    @Benchmark
    public void reduce() {
        plan.run(args);
    }
}
