package dev.gamut.bench.jmh;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ProblemId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A problem by the plan that Gamut makes for it, on operands that rotate as the gate's do. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class ProblemBenchmark {
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

    /**
     * Opens, plans, fills the operands.
     *
     * @param op operation
     * @param types of the operands
     * @param shape sizes, as {@link ProblemId} reads them
     */
    final void open(String op, String types, String shape) {
        gamut = Gamut.open(GamutConfig.defaults().threads(threads).kernel(kernel));
        MachineCaches caches = MachineCaches.host();
        Problem problem = ProblemId.of(op, types, shape, List.of(), caches);
        problem.fill(caches, threads, 42);
        bound = problem.bind(gamut);
        sets = problem.sets();
    }

    /** One run, on the next set of operands. */
    final void run() {
        bound.run(set);
        set = set + 1 == sets ? 0 : set + 1;
    }

    /** Ends the worker threads. */
    @TearDown(Level.Trial)
    public void close() {
        gamut.close();
    }
}
