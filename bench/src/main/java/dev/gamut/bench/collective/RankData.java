package dev.gamut.bench.collective;

import dev.gamut.bench.machine.MpiLoops;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;

/** One rank's tensors of a case, its call, and how many elements of the result are wrong. */
public final class RankData {
    /** What results are overwritten with before a check. */
    private static final byte POISON = (byte) 0xa5;

    private final CollectiveCase what;
    private final int rank;
    private final Numbers numbers;
    private final Tensor from;
    private final Tensor to;

    /**
     * Lays them out as nccl-tests does: in place, the smaller one is this rank's part of the larger one.
     *
     * @param what the case
     * @param rank whose
     * @param inPlace whether from and to share memory
     * @param arena where native memory comes from, null for Java arrays
     * @param seed of the numbers
     */
    public RankData(CollectiveCase what, int rank, boolean inPlace, Arena arena, long seed) {
        this.what = what;
        this.rank = rank;
        this.numbers = new Numbers(what, seed);
        long given = what.given(rank);
        long taken = what.taken(rank);
        Whole first = new Whole(what.type(), inPlace ? Math.max(given, taken) : given, arena);
        Whole second = inPlace ? first : new Whole(what.type(), taken, arena);
        this.from = first.part(inPlace && given < taken ? rank * what.count() : 0, given);
        this.to = second.part(inPlace && taken < given ? rank * what.count() : 0, taken);
    }

    /** Memory that tensors are parts of. */
    private static final class Whole {
        private final Tensor all;

        Whole(DType type, long n, Arena arena) {
            all = arena == null
                    ? Tensor.zeros(type, n)
                    : Tensor.of(arena.allocate(type.bytes(n), 64), type, Layout.rowMajor(n));
        }

        Tensor part(long first, long n) {
            DType type = all.dtype();
            return all.array() == null
                    ? Tensor.of(all.segment().asSlice(type.bytes(first)), type, Layout.rowMajor(n))
                    : Tensor.of(all.array(), type, Layout.rowMajor(n), first);
        }
    }

    /** This rank's side of the collective. */
    public CollectiveCall call() {
        return switch (what.op()) {
            case ALL_REDUCE -> CollectiveCall.allReduce(from, to, what.combine());
            case REDUCE -> CollectiveCall.reduce(from, to, what.combine(), what.root());
            case BROADCAST -> CollectiveCall.broadcast(from, what.root());
            case ALL_GATHER -> CollectiveCall.allGather(from, to);
            case REDUCE_SCATTER -> CollectiveCall.reduceScatter(from, to, what.combine());
            case ALL_TO_ALL -> CollectiveCall.allToAll(from, to);
            case GATHER -> CollectiveCall.gather(from, to, what.root());
            case SCATTER -> CollectiveCall.scatter(from, to, what.root());
            case SCAN -> CollectiveCall.scan(from, to, what.combine());
            case BARRIER -> CollectiveCall.barrier();
        };
    }

    /**
     * The same calls from C, on tensors in native memory.
     *
     * @param loops that make them
     * @param blocks whether by the call that blocks
     * @param times how often; 0 only asks
     * @return whether MPI has such a call
     */
    public boolean callInC(MpiLoops loops, boolean blocks, long times) {
        return loops.run(CBaseline.call(what), from.segment(), to.segment(), blocks, times);
    }

    /** Gives results a value that they must lose, then operands theirs, as they may lie in the same memory. */
    public void fill() {
        to.segment()
                .asSlice(what.type().bytes(to.offset()), what.type().bytes(what.taken(rank)))
                .fill(POISON);
        if (what.op() != Collective.BROADCAST || rank == what.root()) {
            for (long i = 0; i < what.given(rank); i++) {
                what.type().store(from.segment(), from.offset() + i, numbers.given(rank, i));
            }
        }
    }

    /** How many elements of the result are not what they must be. */
    public long wrong() {
        return wrong(0);
    }

    /**
     * How many elements of the result are further than that from what they must be.
     *
     * @param bound of the difference
     */
    public long wrong(double bound) {
        boolean gets = what.op() != Collective.BARRIER
                && (rank == what.root() || what.op() != Collective.REDUCE && what.op() != Collective.GATHER);
        long wrong = 0;
        for (long i = 0; gets && i < what.taken(rank); i++) {
            double got = what.type().load(to.segment(), to.offset() + i);
            wrong += Math.abs(got - numbers.taken(rank, i)) <= bound ? 0 : 1;
        }
        return wrong;
    }
}
