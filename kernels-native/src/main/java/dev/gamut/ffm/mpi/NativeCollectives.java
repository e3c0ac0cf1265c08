package dev.gamut.ffm.mpi;

import dev.gamut.accuracy.Determinism;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.spi.Transport.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The collectives of MPI, where their results are Gamut's. Data are moved as bytes, whatever their type. Numbers are combined as far as
 * MPI does it by the same rules: its minima and maxima of floating-point numbers may lose a NaN, and its sums and products of integers of up
 * to 32 bits wrap around where Gamut's saturate, so that neither is used.
 *
 * <p>From and to must not overlap. MPI wants calls in place to be so on all ranks (libraries choose their algorithm by it), and a rank does
 * not know whether they are elsewhere.
 *
 * @param mpi the library
 * @param comm the group
 * @param ranks in it
 */
record NativeCollectives(MpiLibrary mpi, long comm, int ranks) {
    private static final Set<Combine> ROUNDED = EnumSet.of(Combine.SUM, Combine.PRODUCT);
    private static final Set<Combine> CHOSEN = EnumSet.of(Combine.MIN, Combine.MAX);
    private static final Set<Combine> BOTH = EnumSet.of(Combine.SUM, Combine.PRODUCT, Combine.MIN, Combine.MAX);

    /** How MPI calls a type, and what it may do with it. */
    private record Numbers(Handle handle, Set<Combine> combinations) {}

    private static final Map<DType, Numbers> TYPES = Map.of(
            DType.F64, new Numbers(Handle.DOUBLE, ROUNDED),
            DType.F32, new Numbers(Handle.FLOAT, ROUNDED),
            DType.I64, new Numbers(Handle.INT64, BOTH),
            DType.I32, new Numbers(Handle.INT32, CHOSEN),
            DType.I8, new Numbers(Handle.INT8, CHOSEN),
            DType.U8, new Numbers(Handle.UINT8, CHOSEN));

    private static final Map<Combine, Handle> OPERATIONS = Map.of(
            Combine.SUM, Handle.SUM,
            Combine.PRODUCT, Handle.PRODUCT,
            Combine.MIN, Handle.MIN,
            Combine.MAX, Handle.MAX);

    /** Starts the collective that a descriptor asks for, with parts of equal size. */
    Transfer start(CollectiveDesc what, MemorySegment from, MemorySegment to) {
        MpiTransfer transfer = new MpiTransfer(mpi, false, from, to);
        MemorySegment request = transfer.request();
        long part = what.type().bytes(what.count() / ranks);
        switch (what.op()) {
            case BARRIER -> mpi.barrier(comm, request);
            case BROADCAST -> mpi.broadcast(from, what.root(), comm, request);
            case ALL_REDUCE -> combine(Call.ALL_REDUCE, what, from, to, what.count(), request);
            case SCAN -> combine(Call.SCAN, what, from, to, what.count(), request);
            case REDUCE_SCATTER -> combine(Call.REDUCE_SCATTER, what, from, to, what.count() / ranks, request);
            case REDUCE ->
                mpi.combineToRoot(from, to, what.count(), type(what), operation(what), what.root(), comm, request);
            case ALL_GATHER -> mpi.move(Call.ALL_GATHER, from, to, part, comm, request);
            case ALL_TO_ALL -> mpi.move(Call.ALL_TO_ALL, from, to, part, comm, request);
            case GATHER -> mpi.moveByRoot(Call.GATHER, from, to, part, what.root(), comm, request);
            case SCATTER -> mpi.moveByRoot(Call.SCATTER, from, to, part, what.root(), comm, request);
        }
        return transfer;
    }

    /** Whether MPI has what a descriptor asks for. */
    boolean have(CollectiveDesc what) {
        if (what.determinism().level() != Determinism.Level.ANY
                || what.count() == CollectiveDesc.VARIES
                || what.contributions() > 1
                || what.transport().isPresent()
                || what.type() != what.result()
                || what.type().bytes(what.count()) > mpi.mostCount()) {
            return false;
        }
        Numbers numbers = TYPES.get(what.type());
        return !what.op().combines()
                || numbers != null && numbers.combinations().contains(what.combine());
    }

    private void combine(
            Call call, CollectiveDesc what, MemorySegment from, MemorySegment to, long count, MemorySegment request) {
        mpi.combine(call, from, to, count, type(what), operation(what), comm, request);
    }

    private long type(CollectiveDesc what) {
        return mpi.value(TYPES.get(what.type()).handle());
    }

    private long operation(CollectiveDesc what) {
        return mpi.value(OPERATIONS.get(what.combine()));
    }
}
