package dev.gamut.ffm.mpi;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Transport.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * The collectives of MPI, where their results are Gamut's ({@link Transport#isConventional}). Data are moved as bytes, whatever their type.
 *
 * <p>From and to must not overlap. MPI wants calls in place to be so on all ranks (libraries choose their algorithm by it), and a rank does
 * not know whether they are elsewhere.
 *
 * @param mpi the library
 * @param comm the group
 * @param ranks in it
 */
record NativeCollectives(MpiLibrary mpi, long comm, int ranks) {
    private static final Map<DType, Handle> TYPES = Map.of(
            DType.F64, Handle.DOUBLE,
            DType.F32, Handle.FLOAT,
            DType.I64, Handle.INT64,
            DType.I32, Handle.INT32,
            DType.I8, Handle.INT8,
            DType.U8, Handle.UINT8);

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
        return Transport.isConventional(what) && what.type().bytes(what.count()) <= mpi.mostCount();
    }

    private void combine(
            Call call, CollectiveDesc what, MemorySegment from, MemorySegment to, long count, MemorySegment request) {
        mpi.combine(call, from, to, count, type(what), operation(what), comm, request);
    }

    private long type(CollectiveDesc what) {
        return mpi.value(TYPES.get(what.type()));
    }

    private long operation(CollectiveDesc what) {
        return mpi.value(OPERATIONS.get(what.combine()));
    }
}
