package dev.gamut.spi;

import dev.gamut.accuracy.Determinism;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * How one rank of a group exchanges bytes with the others. Thread-safe, its transfers are tested by one thread at a time; memory is
 * native and stays until the transfer has ended. An error of the library is a {@link dev.gamut.error.NativeCallException}.
 */
public interface Transport extends AutoCloseable {
    /** This rank, from 0. */
    int rank();

    /** Number of ranks. */
    int size();

    /** The library, for people. */
    String engine();

    /** For each rank the name of the host it runs on. */
    List<String> hosts();

    /**
     * Starts to send. Messages of one pair with one tag arrive in order.
     *
     * @param bytes what is sent
     * @param peer to which rank
     * @param tag at least 0, below 2^15
     * @return to be tested until it is done
     */
    Transfer send(MemorySegment bytes, int peer, int tag);

    /**
     * Starts to receive.
     *
     * @param bytes where the message goes; it may be shorter
     * @param peer from which rank
     * @param tag at least 0, below 2^15
     * @return to be tested until it is done
     */
    Transfer receive(MemorySegment bytes, int peer, int tag);

    /**
     * Whether the library has a collective of its own whose result is what a descriptor asks for: its order of evaluation is its own, so
     * not where a reproducible combination is asked for. The same on all ranks.
     *
     * @param what all ranks' agreement
     */
    boolean has(CollectiveDesc what);

    /**
     * Whether what libraries usually do gives what a descriptor asks for: they add and multiply F64 and F32 in an order of their own; integers
     * of up to 32 bits wrap around there where Gamut's saturate, and floating-point minima may lose a NaN, so that of these they serve for
     * minima of integers and for I64; narrower floating-point numbers they round after each step. What is only moved has no such rules.
     *
     * @param what a collective
     */
    static boolean isConventional(CollectiveDesc what) {
        if (what.determinism().level() != Determinism.Level.ANY
                || what.count() == CollectiveDesc.VARIES
                || what.contributions() > 1
                || what.transport().isPresent()
                || what.type() != what.result()) {
            return false;
        }
        DType type = what.type();
        boolean chosen = what.combine() == Combine.MIN || what.combine() == Combine.MAX;
        boolean summed = what.combine() == Combine.SUM || what.combine() == Combine.PRODUCT;
        return !what.op().combines()
                || chosen && type.isInteger() && type.bits() >= Byte.SIZE
                || summed && (type.isFloat() ? type.precision() >= Float.PRECISION : type.bits() == Long.SIZE);
    }

    /**
     * Starts the library's own collective.
     *
     * @param what one that it {@link #has}; ranks' parts are of equal size
     * @param from this rank's elements; of a broadcast the memory of the elements on every rank
     * @param to where the result goes; no part of from
     * @return to be tested until it is done
     */
    Transfer collective(CollectiveDesc what, MemorySegment from, MemorySegment to);

    /**
     * The device that this rank is on, whose tensors the library's collectives take where they lie.
     *
     * @return its name; empty where there is none
     */
    default Optional<String> device() {
        return Optional.empty();
    }

    /**
     * Starts the library's own collective in memory of {@link #device}, behind what this thread's stream of it has been given.
     *
     * @param what one that it {@link #has}; ranks' parts are of equal size
     * @param from this rank's elements; of a broadcast the elements on every rank
     * @param to where the result goes, on the same opening of the device; from itself, a part of it, or what it is a part of, where calls may be
     *     in place
     * @return to be tested until the result is there; both are kept from being freed so long
     */
    default Transfer collective(CollectiveDesc what, Tensor from, Tensor to) {
        throw new UnsupportedOperationException(engine() + " is on no device");
    }

    /**
     * Groups of ranks of the same colour; every rank must call.
     *
     * @param colour at least 0, or -1 for a rank that is to be in none
     * @param key ranks are numbered by it, then by their rank here
     * @return this rank's new group, or null for colour -1
     */
    Transport split(int colour, int key);

    /**
     * Ranks that are known to be gone or stopped, whatever they were in; asked while a transfer does not end.
     *
     * @return their numbers, with what is known of each
     */
    java.util.Map<Integer, String> missing();

    /**
     * The ranks that are left, after some are missing.
     *
     * @return a group that works, empty where the library cannot
     */
    Optional<Transport> shrink();

    /**
     * Something to be done where the process ends in order and the group has not been closed, while transfers can still be given up: of use
     * to a library that must be finalised.
     *
     * @param what it; another one replaces it
     */
    default void atEnd(Runnable what) {}

    /** Gives up whatever is under way, after a failure: nothing that waits for other ranks is called from now on, but {@link #shrink}. */
    void abandon();

    /** Frees the group; once it was abandoned, as far as that waits for no other rank. */
    @Override
    void close();

    /** Bytes on their way. */
    interface Transfer {
        /** What {@link #bytes} says of a message that was longer than the memory for it. */
        long TOO_LONG = -1;

        /** Makes progress without waiting; true once it has ended. */
        boolean test();

        /** Bytes received, once ended, or {@link #TOO_LONG}. */
        long bytes();

        /**
         * Gives it up. An error of the library, which is of no more use then, is no exception: the memory is not free.
         *
         * @return whether the memory is free again; otherwise it must stay until the process ends
         */
        boolean cancel();
    }

    /**
     * Several transfers as one, which has ended when all have.
     *
     * @param all in the order in which they are tested
     */
    record Transfers(List<Transfer> all) implements Transfer {
        @Override
        public boolean test() {
            boolean ended = true;
            for (Transfer each : all) {
                ended &= each.test();
            }
            return ended;
        }

        @Override
        public long bytes() {
            boolean fits = all.stream().noneMatch(each -> each.bytes() == TOO_LONG);
            return fits ? all.stream().mapToLong(Transfer::bytes).sum() : TOO_LONG;
        }

        @Override
        public boolean cancel() {
            boolean free = true;
            for (Transfer each : all) {
                free &= each.cancel();
            }
            return free;
        }
    }
}
