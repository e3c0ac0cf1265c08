package dev.gamut.ffm.mpi;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.spi.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A group of ranks over MPI: one communicator of the library. */
final class MpiTransport implements Transport {
    private static final String SHRINK = "MPIX_Comm_shrink";

    private final World world;
    private final MpiLibrary mpi;
    private final long comm;
    private final long mostBytes;
    private final int rank;
    private final List<RankProcess> processes;
    private final NativeCollectives collectives;

    /**
     * Of a communicator, all of whose ranks do the same.
     *
     * @param world what it belongs to
     * @param comm the library's handle
     * @param mostBytes of one message of MPI: longer ones are sent in pieces
     */
    MpiTransport(World world, long comm, long mostBytes) {
        this.world = world;
        this.mpi = world.library();
        this.comm = comm;
        this.mostBytes = mostBytes;
        mpi.call("MPI_Comm_set_errhandler", comm, mpi.value(Handle.ERRORS_RETURN));
        this.rank = mpi.number("MPI_Comm_rank", comm);
        int size = mpi.number("MPI_Comm_size", comm);
        this.collectives = new NativeCollectives(mpi, comm, size);
        this.processes = exchange(size);
    }

    /** The same group with shorter messages. */
    MpiTransport withMostBytes(long most) {
        return new MpiTransport(world, comm, most);
    }

    private List<RankProcess> exchange(int size) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment own = arena.allocate(RankProcess.BYTES);
            MemorySegment all = arena.allocate((long) RankProcess.BYTES * size);
            world.process().write(own);
            MpiTransfer transfer = new MpiTransfer(mpi, false, own, all);
            mpi.move(Call.ALL_GATHER, own, all, RankProcess.BYTES, comm, transfer.request());
            while (!transfer.test()) {
                Thread.yield();
            }
            List<RankProcess> processes = new ArrayList<>();
            for (int r = 0; r < size; r++) {
                processes.add(RankProcess.read(all.asSlice((long) r * RankProcess.BYTES, RankProcess.BYTES)));
            }
            return List.copyOf(processes);
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return processes.size();
    }

    @Override
    public String engine() {
        return mpi.version();
    }

    /** Names of hosts. Ranks of one name that share no memory are on hosts of their own, which have the lowest rank there in their names. */
    @Override
    public List<String> hosts() {
        return processes.stream()
                .map(process -> process.host() + (isAlone(process) ? "" : "#" + process.domain()))
                .toList();
    }

    private boolean isAlone(RankProcess process) {
        return processes.stream()
                .noneMatch(other -> other.host().equals(process.host()) && other.domain() != process.domain());
    }

    @Override
    public Transfer send(MemorySegment bytes, int peer, int tag) {
        return message(Call.SEND, bytes, peer, tag);
    }

    @Override
    public Transfer receive(MemorySegment bytes, int peer, int tag) {
        return message(Call.RECEIVE, bytes, peer, tag);
    }

    private Transfer message(Call call, MemorySegment bytes, int peer, int tag) {
        if (bytes.byteSize() <= mostBytes) {
            return piece(call, bytes, peer, tag);
        }
        List<Transfer> pieces = new ArrayList<>();
        for (long at = 0; at < bytes.byteSize(); at += mostBytes) {
            pieces.add(piece(call, bytes.asSlice(at, Math.min(mostBytes, bytes.byteSize() - at)), peer, tag));
        }
        return new Transfers(pieces);
    }

    private Transfer piece(Call call, MemorySegment bytes, int peer, int tag) {
        MpiTransfer transfer = new MpiTransfer(mpi, call == Call.RECEIVE, bytes);
        mpi.message(call, bytes, peer, tag, comm, transfer.request());
        return transfer;
    }

    @Override
    public boolean has(CollectiveDesc what) {
        return collectives.have(what);
    }

    @Override
    public Transfer collective(CollectiveDesc what, MemorySegment from, MemorySegment to) {
        return collectives.start(what, from, to);
    }

    @Override
    public Transport split(int colour, int key) {
        long part = mpi.handle("MPI_Comm_split", comm, colour < 0 ? Abi.UNDEFINED : colour, key);
        return part == mpi.value(Handle.COMM_NULL) ? null : new MpiTransport(world, part, mostBytes);
    }

    /** Of ranks on this machine; what became of a process elsewhere cannot be seen. */
    @Override
    public Map<Integer, String> missing() {
        Map<Integer, String> missing = new HashMap<>();
        for (int r = 0; r < processes.size(); r++) {
            int number = r;
            processes.get(r).fault(world.process()).ifPresent(fault -> missing.put(number, fault));
        }
        return missing;
    }

    /** By the calls of ULFM, where a library has them: MPICH 4.0.2 exports them too, but ends the process when one is called. */
    @Override
    public Optional<Transport> shrink() {
        if (mpi.abi() == Abi.MPICH || !mpi.has(SHRINK)) {
            return Optional.empty();
        }
        mpi.call("MPIX_Comm_revoke", comm);
        return Optional.of(new MpiTransport(world, mpi.handle(SHRINK, comm), mostBytes));
    }

    @Override
    public void atEnd(Runnable what) {
        world.atEnd(this, what);
    }

    @Override
    public void abandon() {
        world.abandon();
    }

    @Override
    public void close() {
        world.forget(this);
        if (comm == mpi.value(Handle.COMM_WORLD) || !world.isWhole()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(Long.BYTES, Long.BYTES);
            mpi.writeHandle(handle, comm);
            mpi.call("MPI_Comm_free", handle);
        }
    }
}
