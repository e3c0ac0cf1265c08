package dev.gamut.ffm.mpi;

import dev.gamut.error.NativeCallException;
import dev.gamut.spi.Transport.Transfer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A request of MPI, tested until it has ended. One thread at a time. */
final class MpiTransfer implements Transfer {
    /** Tests after which a receive that was cancelled is taken for one that does not end. */
    private static final int PATIENCE = 1_000;

    /** Memory that the library may still use when nobody waits for it any more: out of the garbage collector's reach. */
    private static final Collection<List<MemorySegment>> ABANDONED = new ConcurrentLinkedQueue<>();

    private static final System.Logger LOG = System.getLogger("dev.gamut");

    private final MpiLibrary mpi;
    private final boolean receives;
    private final List<MemorySegment> memory;
    private Slots.Slot slot = Slots.take();
    private long bytes;
    private boolean kept;

    /**
     * For a call to come.
     *
     * @param mpi the library
     * @param receives whether it is a message for this rank
     * @param memory that the library uses until the end
     */
    MpiTransfer(MpiLibrary mpi, boolean receives, MemorySegment... memory) {
        this.mpi = mpi;
        this.receives = receives;
        this.memory = List.of(memory);
    }

    /** Where the call puts its request. */
    MemorySegment request() {
        return slot.request();
    }

    @Override
    public boolean test() {
        if (slot == null) {
            return true;
        }
        int code = mpi.test(slot.request(), slot.flag(), slot.status());
        if (code != 0) {
            return failed(code);
        }
        if (slot.flag().get(ValueLayout.JAVA_INT, 0) == 0) {
            return false;
        }
        bytes = receives ? mpi.bytes(slot.status(), slot.count()) : 0;
        Slots.give(slot);
        slot = null;
        return true;
    }

    /** What becomes of the request is not known then: its slot is not used again. */
    private boolean failed(int code) {
        if (!receives || !mpi.is(code, ErrorClass.TRUNCATE)) {
            keep();
            mpi.check(code, Call.TEST);
        }
        slot = null;
        bytes = TOO_LONG;
        return true;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** A message that nobody has sent yet can be given up; what was sent, and collectives, cannot. */
    @Override
    public boolean cancel() {
        try {
            if (slot != null && receives) {
                mpi.call("MPI_Cancel", slot.request());
                for (int i = 0; i < PATIENCE && !test(); i++) {
                    Thread.onSpinWait();
                }
            }
        } catch (NativeCallException e) {
            // Of a rank that is gone, say: that is known, and would hide what is told of it.
            LOG.log(System.Logger.Level.DEBUG, "a transfer was not given up", e);
        }
        if (slot != null) {
            keep();
        }
        return !kept;
    }

    /** Leaves slot and memory to the library. */
    private void keep() {
        ABANDONED.add(memory);
        kept = true;
        slot = null;
    }
}
