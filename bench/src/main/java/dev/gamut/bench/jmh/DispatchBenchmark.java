package dev.gamut.bench.jmh;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.Order;
import dev.gamut.gemm.Transpose;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a small call costs besides its arithmetic: an 8×8×8 product by a plan kept by the caller, by the plan cache, and
 * by the BLAS-like call that looks for its plan each time; a plan that computes nothing, and a plan that must be made.
 * {@code -prof gc} shows that nothing is allocated but by the last.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class DispatchBenchmark {
    private static final int N = 8;

    private final GemmDesc desc = GemmDesc.of(DType.F64, N, N, N);
    private final double[] a = new double[N * N];
    private final double[] b = new double[N * N];
    private final double[] c = new double[N * N];
    private final GemmArgs args = new GemmArgs();
    private Gamut gamut;
    private GemmPlan plan;
    private GemmPlan emptyPlan;
    private long depth;

    /** Opens, plans, fills the operands. */
    @Setup(Level.Trial)
    public void open() {
        gamut = Gamut.open(GamutConfig.defaults().threads(1));
        plan = gamut.plan(desc);
        emptyPlan = gamut.plan(GemmDesc.of(DType.F64, 0, N, N));
        for (int i = 0; i < a.length; i++) {
            a[i] = 1.0 / (i + 1);
            b[i] = 1.0 / (i + 2);
        }
        args.a().set(a, 0);
        args.b().set(b, 0);
        args.c().set(c, 0);
    }

    /** Ends the worker threads. */
    @TearDown(Level.Trial)
    public void close() {
        gamut.close();
    }

    /** A product without elements: what a run costs besides computing. */
    @Benchmark
    public void emptyRun() {
        emptyPlan.run(args);
    }

    /** A shape that was not asked for before. */
    @Benchmark
    public GemmPlan newPlan() {
        depth = depth % 1_000_000 + 1;
        return gamut.plan(GemmDesc.of(DType.F64, N, N, depth));
    }

    /** The caller keeps plan and arguments. */
    @Benchmark
    public void keptPlan() {
        plan.run(args);
    }

    /** The caller keeps the descriptor. */
    @Benchmark
    public void cachedPlan() {
        gamut.plan(desc).run(args);
    }

    /** The caller keeps nothing. */
    @Benchmark
    public void blasCall() {
        gamut.dgemm(Order.ROW_MAJOR, Transpose.NO_TRANS, Transpose.NO_TRANS, N, N, N, 1, a, N, b, N, 0, c, N);
    }
}
