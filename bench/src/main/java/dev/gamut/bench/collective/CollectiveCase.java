package dev.gamut.bench.collective;

import dev.gamut.collective.Collective;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;

/**
 * A collective to measure, in the terms of nccl-tests.
 *
 * @param op what is done
 * @param combine how elements are combined, SUM where they are not
 * @param type of the elements
 * @param root the root, 0 where there is none
 * @param count elements of a rank's part where there are parts, else of the whole
 * @param ranks number of ranks
 */
public record CollectiveCase(Collective op, Combine combine, DType type, int root, long count, int ranks) {
    /**
     * The case of a size.
     *
     * @param bytes of the whole; rounded down to parts that are equal, of whole bytes and not empty
     */
    public static CollectiveCase of(Collective op, Combine combine, DType type, int root, long bytes, int ranks) {
        if (op == Collective.BARRIER) {
            return new CollectiveCase(op, Combine.SUM, DType.U8, 0, 0, ranks);
        }
        long step = type.isSubByte() ? 2 : 1;
        long all = bytes * Byte.SIZE / type.bits() / (op.hasParts() ? ranks : 1);
        return new CollectiveCase(op, combine, type, root, Math.max(step, all / step * step), ranks);
    }

    /** Bytes of the whole: over all ranks where there are parts. */
    public long bytes() {
        return type.bytes(count) * (op.hasParts() ? ranks : 1);
    }

    /** Bytes of the whole over time, times this, is what each link carries whatever the number of ranks. */
    public double busFactor() {
        double others = ranks - 1;
        return switch (op) {
            case ALL_REDUCE -> 2 * others / ranks;
            case ALL_GATHER, REDUCE_SCATTER, ALL_TO_ALL, GATHER, SCATTER -> others / ranks;
            case REDUCE, BROADCAST, SCAN, BARRIER -> 1;
        };
    }

    /** Elements that a rank gives. */
    long given(int rank) {
        return switch (op) {
            case REDUCE_SCATTER, ALL_TO_ALL -> count * ranks;
            case SCATTER -> rank == root ? count * ranks : count;
            default -> count;
        };
    }

    /** Elements that a rank has room for. */
    long taken(int rank) {
        return switch (op) {
            case ALL_GATHER, ALL_TO_ALL -> count * ranks;
            case GATHER -> rank == root ? count * ranks : count;
            default -> count;
        };
    }

    /** Whether results can go elsewhere than to where operands are. */
    boolean hasOutOfPlace() {
        return op != Collective.BROADCAST;
    }

    /** Whether results can go where operands are. */
    boolean hasInPlace() {
        return op != Collective.BARRIER;
    }

    /** The root as nccl-tests prints it: -1 where there is none. */
    public int shownRoot() {
        return op.isRooted() ? root : -1;
    }

    /** The combination as nccl-tests prints it: none where there is none. */
    public String redop() {
        return switch (combine) {
            case PRODUCT -> "prod";
            case AVERAGE -> "avg";
            default -> op.combines() ? combine.id() : "none";
        };
    }

    @Override
    public String toString() {
        return op.id() + " " + redop() + " " + type.id() + " of " + bytes() + " bytes on " + ranks + " ranks";
    }
}
