package dev.gamut.bench.collective;

import dev.gamut.Communicators;
import dev.gamut.bench.machine.MpiLoops;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.tensor.Tensor;
import java.util.Optional;

/**
 * The same collectives in C on the same MPI, on all ranks or on none.
 *
 * @param loops null where there are none
 * @param missing why there are none where ranks talk by MPI; empty where they do not
 */
public record CBaseline(MpiLoops loops, String missing) {
    private static final String MPI = "mpi";

    /**
     * That of these ranks, which must all ask.
     *
     * @param ranks of processes, or of threads, for which there is none
     */
    public static CBaseline of(Communicator ranks) {
        if (!Communicators.launcher().equals(Optional.of(MPI))) {
            return new CBaseline(null, "");
        }
        MpiLoops own = new MpiLoops(ranks.engine());
        double[] first = {own.missing().isPresent() ? ranks.rank() : ranks.size()};
        ranks.allReduce(Tensor.of(first, 1), Combine.MIN);
        boolean everywhere = first[0] == ranks.size();
        return everywhere
                ? new CBaseline(own, "")
                : new CBaseline(null, own.missing().orElse("rank " + (int) first[0] + " has none"));
    }

    /** Whether there is one. */
    public boolean isThere() {
        return loops != null;
    }

    /** A case as MPI is asked for it. */
    static MpiLoops.Call call(CollectiveCase what) {
        return new MpiLoops.Call(
                what.op().id(),
                what.type().id(),
                what.redop(),
                what.root(),
                what.type().isSubByte() ? what.type().bytes(what.count()) : what.count(),
                Math.max(1, what.type().bits() / Byte.SIZE));
    }
}
