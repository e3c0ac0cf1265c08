package dev.gamut.bench.gate;

import dev.gamut.bench.machine.CLoops;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Map;

/**
 * What a C programmer would write for a reduction, by as many streams as are best. It reads the very arrays that Gamut does:
 * memory in other places is up to a fifth faster or slower.
 */
final class CLoopPeer implements Peer {
    private static final int[] STREAMS = {1, 2, 4, 8};

    private int streams;

    @Override
    public String name() {
        return "c-loop";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (threads != 1) {
            throw new Unavailable("runs on one thread only");
        }
        if (CLoops.unavailable().isPresent()) {
            throw new Unavailable("is " + CLoops.unavailable().get());
        }
    }

    @Override
    public double warmUp() {
        return COMPILED_SECONDS;
    }

    @Override
    public String describe() {
        return "a C loop, " + CLoops.compiler() + ", streams " + streams;
    }

    @Override
    public Side reduce(ReduceProblem problem) throws Unavailable {
        Loop loop = loop(problem.workload().op(), problem.precision().a());
        int sets = problem.sets();
        MemorySegment[] x = new MemorySegment[sets];
        MemorySegment[] y = new MemorySegment[sets];
        boolean two = ReduceOp.valueOf(problem.workload().op().toUpperCase(Locale.ROOT))
                .isBinary();
        for (int set = 0; set < sets; set++) {
            x[set] = problem.x(set).segment();
            y[set] = two ? problem.y(set).segment() : x[set];
        }
        long n = problem.workload().k();
        streams = StreamCount.fastest(STREAMS, sets, (count, set) -> loop.run(x[set], y[set], n, count));
        return new Loops(loop, x, y, n, streams);
    }

    /** One of the C functions; those of one operand leave y alone. */
    private interface Loop {
        double run(MemorySegment x, MemorySegment y, long n, int streams);
    }

    private static final Map<String, Loop> LOOPS = Map.of(
            "sum f64", (x, y, n, streams) -> CLoops.sumF64(x, n, streams),
            "sum f32", (x, y, n, streams) -> CLoops.sumF32(x, n, streams),
            "dot f64", CLoops::dotF64,
            "dot f32", CLoops::dotF32,
            "min f64", (x, y, n, streams) -> CLoops.minF64(x, n, streams),
            "min f32", (x, y, n, streams) -> CLoops.minF32(x, n, streams),
            "max f64", (x, y, n, streams) -> CLoops.maxF64(x, n, streams),
            "max f32", (x, y, n, streams) -> CLoops.maxF32(x, n, streams));

    private static Loop loop(String op, DType type) throws Unavailable {
        Loop loop = LOOPS.get(op + " " + type.id());
        if (loop == null) {
            throw new Unavailable("has no " + op + " of " + type.id());
        }
        return loop;
    }

    private static final class Loops implements Side {
        private final Loop loop;
        private final MemorySegment[] x;
        private final MemorySegment[] y;
        private final long n;
        private final int streams;
        private double result;

        Loops(Loop loop, MemorySegment[] x, MemorySegment[] y, long n, int streams) {
            this.loop = loop;
            this.x = x;
            this.y = y;
            this.n = n;
            this.streams = streams;
        }

        @Override
        public void run(int set) {
            result = loop.run(x[set], y[set], n, streams);
        }

        @Override
        public void result(Tensor into) {
            into.dtype().store(into.segment(), 0, result);
        }
    }
}
