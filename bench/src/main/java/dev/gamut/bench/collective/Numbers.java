package dev.gamut.bench.collective;

import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;

/**
 * What ranks give and must get, element by element: whole numbers so small that sums are exact in every accumulator, so that every
 * result must be right to the last bit.
 */
final class Numbers {
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final CollectiveCase what;
    private final long seed;
    private final boolean products;

    Numbers(CollectiveCase what, long seed) {
        this.what = what;
        this.seed = seed;
        this.products = what.op().combines() && what.combine() == Combine.PRODUCT;
    }

    /** Element i of what a rank gives: -2 to 2, 0 to 4 without a sign; of products ±1, and 2 of one rank. */
    double given(int rank, long i) {
        long bits = (seed + rank * 1_000_003L + i) * MIX;
        bits ^= bits >>> 29;
        bits *= MIX;
        boolean unsigned = what.type().kind() == DType.Kind.UNSIGNED;
        if (products) {
            return i % what.ranks() == rank ? 2 : unsigned || bits < 0 ? 1 : -1;
        }
        return (bits >>> 33) % 5 - (unsigned ? 0 : 2);
    }

    /** Element i of what a rank must get. */
    double taken(int rank, long i) {
        long count = what.count();
        return switch (what.op()) {
            case ALL_REDUCE, REDUCE -> combined(what.ranks(), i);
            case SCAN -> combined(rank + 1, i);
            case REDUCE_SCATTER -> combined(what.ranks(), rank * count + i);
            case BROADCAST -> given(what.root(), i);
            case SCATTER -> given(what.root(), rank * count + i);
            case ALL_GATHER, GATHER -> given((int) (i / count), i % count);
            case ALL_TO_ALL -> given((int) (i / count), rank * count + i % count);
            case BARRIER -> throw new IllegalArgumentException("a barrier has no elements");
        };
    }

    private double combined(int ranks, long i) {
        double value = given(0, i);
        for (int r = 1; r < ranks; r++) {
            double next = given(r, i);
            value = switch (what.combine()) {
                case SUM, AVERAGE -> value + next;
                case PRODUCT -> value * next;
                case MIN, ARGMIN -> Math.min(value, next);
                case MAX, ARGMAX -> Math.max(value, next);
            };
        }
        DType type = what.type();
        if (what.combine() == Combine.AVERAGE) {
            double quotient = value / ranks;
            value = type.isInteger()
                    ? Math.rint(quotient)
                    : type.sumAccumulator().round(quotient);
        }
        return type.round(value);
    }
}
