package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One collective with its numbers: every rank knows what all give, from a seed, and so what it must get.
 *
 * @param op what is done
 * @param combine how elements are combined
 * @param type of from
 * @param result of to
 * @param counts elements of each rank where the collective has parts; else the first one is the number of elements
 * @param explicit whether counts are handed over
 * @param contributions tensors of all ranks together, as many as ranks where each gives one
 * @param root the root
 * @param inPlace whether to is from
 * @param heap whether memory is a Java array
 * @param exact whether numbers are small integers, whose combinations are exact in any order
 * @param ordered whether the order of ranks is asked for
 * @param seed of the numbers
 */
record CollectiveTrial(
        Collective op,
        Combine combine,
        DType type,
        DType result,
        long[] counts,
        boolean explicit,
        int contributions,
        int root,
        boolean inPlace,
        boolean heap,
        boolean exact,
        boolean ordered,
        long seed) {
    /** Elements around a tensor that must stay as they are. */
    private static final int GUARD = 8;

    private static final double POISON = 3;

    /** A call ready to run, and how to look at its result. */
    record Ready(CollectiveCall call, Runnable check) {}

    private long whole() {
        return Arrays.stream(counts).sum();
    }

    /** Elements that a rank gives. */
    private long given(int rank, int ranks) {
        return switch (op) {
            case ALL_GATHER, GATHER -> counts[rank];
            case REDUCE_SCATTER, SCATTER -> whole();
            case ALL_TO_ALL -> Arrays.stream(row(rank, ranks)).sum();
            case BARRIER -> 0;
            case ALL_REDUCE, REDUCE, BROADCAST, SCAN -> counts[0];
        };
    }

    /** What a rank sends to each rank in an all-to-all. */
    private long[] row(int rank, int ranks) {
        long[] row = new long[ranks];
        for (int s = 0; s < ranks; s++) {
            row[s] = explicit ? counts[(rank + s) % ranks] : counts[0];
        }
        return row;
    }

    private double[] numbers(int contribution, long n) {
        SplittableRandom random = new SplittableRandom(seed + 1_000_003L * contribution);
        double[] x = new double[Math.toIntExact(n)];
        for (int i = 0; i < x.length; i++) {
            x[i] = type.round(exact || type.isInteger() ? random.nextInt(-2, 3) : random.nextDouble(-1, 1));
            if (combine == Combine.PRODUCT && op.combines() && x[i] == 0) {
                x[i] = 1;
            }
        }
        return x;
    }

    /** All that ranks give, in the order they are combined in. */
    private List<double[]> terms(int ranks) {
        List<double[]> all = new ArrayList<>();
        for (int r = 0; r < ranks; r++) {
            for (int c = first(r, ranks); c < first(r + 1, ranks); c++) {
                all.add(numbers(c, given(r, ranks)));
            }
        }
        return all;
    }

    /** The first contribution of a rank. */
    private int first(int rank, int ranks) {
        return rank * contributions / ranks;
    }

    private record Combined(double[] value, double[] tolerance) {}

    private Combined combined(List<double[]> terms) {
        double[] value = terms.getFirst().clone();
        double[] magnitude = new double[value.length];
        DType acc = type.sumAccumulator();
        for (int i = 0; i < value.length; i++) {
            magnitude[i] = Math.abs(value[i]);
            for (double[] term : terms.subList(1, terms.size())) {
                value[i] = acc.round(two(value[i], term[i]));
                magnitude[i] = combine == Combine.PRODUCT
                        ? magnitude[i] * Math.abs(term[i])
                        : magnitude[i] + Math.abs(term[i]);
            }
            if (combine == Combine.AVERAGE) {
                double quotient = value[i] / terms.size();
                value[i] = type.isInteger() ? Math.rint(quotient) : acc.round(quotient);
            }
            value[i] = result.round(value[i]);
            boolean free = !ordered && !exact && !combine.isSelection();
            magnitude[i] *= free ? terms.size() * acc.unitRoundoff() + 2 * result.unitRoundoff() : 0;
        }
        return new Combined(value, magnitude);
    }

    private double two(double x, double y) {
        return switch (combine) {
            case SUM, AVERAGE -> x + y;
            case PRODUCT -> x * y;
            case MIN, ARGMIN -> Math.min(x, y);
            case MAX, ARGMAX -> Math.max(x, y);
        };
    }

    /** What a rank must get; null where it gets nothing. */
    private Combined expected(int rank, int ranks) {
        return switch (op) {
            case BARRIER -> null;
            case ALL_REDUCE -> combined(terms(ranks));
            case REDUCE -> rank == root ? combined(terms(ranks)) : null;
            case SCAN -> combined(terms(ranks).subList(0, rank + 1));
            case BROADCAST -> exactly(numbers(root, counts[0]));
            case ALL_GATHER -> gathered(ranks);
            case GATHER -> rank == root ? gathered(ranks) : null;
            case SCATTER -> exactly(part(numbers(root, whole()), rank));
            case REDUCE_SCATTER -> {
                Combined all = combined(terms(ranks));
                yield new Combined(part(all.value, rank), part(all.tolerance, rank));
            }
            case ALL_TO_ALL -> {
                double[] all = {};
                for (int s = 0; s < ranks; s++) {
                    long[] row = row(s, ranks);
                    int first = (int) Arrays.stream(row, 0, rank).sum();
                    all = join(all, Arrays.copyOfRange(numbers(s, given(s, ranks)), first, first + (int) row[rank]));
                }
                yield exactly(all);
            }
        };
    }

    private Combined gathered(int ranks) {
        double[] all = {};
        for (int s = 0; s < ranks; s++) {
            all = join(all, numbers(s, counts[s]));
        }
        return exactly(all);
    }

    private double[] part(double[] all, int rank) {
        int first = (int) Arrays.stream(counts, 0, rank).sum();
        return Arrays.copyOfRange(all, first, first + (int) counts[rank]);
    }

    private static double[] join(double[] x, double[] y) {
        double[] both = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, both, x.length, y.length);
        return both;
    }

    private static Combined exactly(double[] x) {
        return new Combined(x, new double[x.length]);
    }

    /** Sizes of the parts that a rank's memory is made of: parts of 4-bit elements begin at whole bytes. */
    private long[] partsOfFrom(int rank, int ranks) {
        return switch (op) {
            case REDUCE_SCATTER, SCATTER -> counts;
            case ALL_TO_ALL -> row(rank, ranks);
            default -> new long[] {given(rank, ranks)};
        };
    }

    private long[] partsOfTo(int rank, int ranks, int length) {
        return switch (op) {
            case ALL_GATHER, GATHER -> counts;
            case ALL_TO_ALL -> {
                long[] column = new long[ranks];
                Arrays.setAll(column, s -> row(s, ranks)[rank]);
                yield column;
            }
            default -> new long[] {length};
        };
    }

    /**
     * The call for a rank.
     *
     * @param comm its communicator
     * @param arena for native memory
     * @return the call and the check of what it must have done, which throws an {@link AssertionError}
     */
    Ready ready(Communicator comm, Arena arena) {
        int rank = comm.rank();
        int ranks = comm.size();
        if (op == Collective.BARRIER) {
            return new Ready(CollectiveCall.barrier(), () -> {});
        }
        Combined expected = expected(rank, ranks);
        List<Field> from = new ArrayList<>();
        for (int c = first(rank, ranks); c < first(rank + 1, ranks); c++) {
            Field field = new Field(type, partsOfFrom(rank, ranks), arena, heap);
            field.fill(numbers(c, given(rank, ranks)));
            from.add(field);
        }
        boolean broadcast = op == Collective.BROADCAST;
        if (broadcast && rank != root) {
            from.getFirst().fill(new double[(int) counts[0]]);
        }
        boolean unwritten = expected == null && result == type;
        int length = expected == null ? (int) counts[0] : expected.value.length;
        Field to = inPlace || broadcast || unwritten
                ? from.getFirst()
                : new Field(result, partsOfTo(rank, ranks, length), arena, heap);
        CollectiveCall call = call(from, to.tensor, rank, ranks);
        if (ordered) {
            call.determinism(Determinism.RUN_TO_RUN);
        }
        return new Ready(call, () -> {
            if (expected != null) {
                to.check(expected.value, expected.tolerance, this + " on rank " + rank + " of " + ranks);
            }
            for (int c = 0; !inPlace && !broadcast && c < from.size(); c++) {
                double[] same = numbers(first(rank, ranks) + c, given(rank, ranks));
                from.get(c).check(same, new double[same.length], "from of " + this + " on rank " + rank);
            }
        });
    }

    private CollectiveCall call(List<Field> fields, Tensor to, int rank, int ranks) {
        Tensor from = fields.getFirst().tensor;
        long[] parts = explicit ? counts : null;
        return switch (op) {
            case ALL_REDUCE ->
                contributions == ranks
                        ? CollectiveCall.allReduce(from, to, combine)
                        : CollectiveCall.allReduce(
                                fields.stream().map(f -> f.tensor).toList(), contributions, to, combine);
            case REDUCE -> CollectiveCall.reduce(from, to, combine, root);
            case BROADCAST -> CollectiveCall.broadcast(from, root);
            case SCAN -> CollectiveCall.scan(from, to, combine);
            case ALL_GATHER ->
                explicit ? CollectiveCall.allGather(from, to, parts) : CollectiveCall.allGather(from, to);
            case GATHER ->
                explicit ? CollectiveCall.gather(from, to, parts, root) : CollectiveCall.gather(from, to, root);
            case SCATTER ->
                explicit ? CollectiveCall.scatter(from, to, parts, root) : CollectiveCall.scatter(from, to, root);
            case REDUCE_SCATTER ->
                explicit
                        ? CollectiveCall.reduceScatter(from, to, parts, combine)
                        : CollectiveCall.reduceScatter(from, to, combine);
            case ALL_TO_ALL ->
                explicit
                        ? CollectiveCall.allToAll(from, row(rank, ranks), to, partsOfTo(rank, ranks, 0))
                        : CollectiveCall.allToAll(from, to);
            case BARRIER -> CollectiveCall.barrier();
        };
    }

    @Override
    public String toString() {
        return op.id()
                + (op.combines() ? " " + combine.id() : "")
                + " " + type.id()
                + (result == type ? "" : " to " + result.id())
                + " of " + (op.hasParts() ? Arrays.toString(counts) : counts[0])
                + (explicit ? " given" : "")
                + (op == Collective.ALL_REDUCE ? " in " + contributions : "")
                + (op.isRooted() ? " root " + root : "")
                + (inPlace ? " in place" : "")
                + (heap ? " heap" : " native")
                + (exact ? " exact" : "")
                + (ordered ? " in rank order" : "")
                + " seed " + seed;
    }

    /** A tensor with elements around it that nobody may touch. */
    private static final class Field {
        private final DType type;
        private final long[] parts;
        private final MemorySegment memory;
        private final Tensor tensor;

        Field(DType type, long[] parts, Arena arena, boolean heap) {
            this.type = type;
            this.parts = parts;
            long elements = 2 * GUARD;
            for (long part : parts) {
                elements += padded(part);
            }
            long n = elements - 2 * GUARD;
            Tensor all = Tensor.zeros(type, elements);
            this.memory = heap ? all.segment() : arena.allocate(type.bytes(elements), 64);
            for (long i = 0; i < elements; i++) {
                type.store(memory, i, POISON);
            }
            Layout layout = layout(n);
            this.tensor = heap
                    ? Tensor.of(all.array(), type, layout, GUARD)
                    : Tensor.of(memory.asSlice(type.bytes(GUARD)), type, layout);
        }

        /** Equal parts are rows, which 4-bit elements pad; others lie in a vector. */
        private Layout layout(long n) {
            boolean equal = Arrays.stream(parts).allMatch(part -> part == parts[0]);
            return equal && parts.length > 1
                    ? Layout.of(new long[] {parts.length, parts[0]}, new long[] {Math.max(1, padded(parts[0])), 1})
                    : Layout.rowMajor(parts.length == 1 ? parts[0] : n);
        }

        private long padded(long part) {
            return type.isSubByte() ? (part + 1) / 2 * 2 : part;
        }

        void fill(double[] x) {
            long at = GUARD;
            int i = 0;
            for (long part : parts) {
                for (long e = 0; e < part; e++) {
                    type.store(memory, at + e, x[i++]);
                }
                at += padded(part);
            }
        }

        void check(double[] x, double[] tolerance, String what) {
            long at = GUARD;
            int i = 0;
            for (long part : parts) {
                for (long e = 0; e < part; e++, i++) {
                    double got = type.load(memory, at + e);
                    boolean fits = Math.abs(got - x[i]) <= tolerance[i] || got == x[i];
                    if (!fits) {
                        throw new AssertionError(
                                what + ": element " + i + " is " + got + ", must be " + x[i] + " ± " + tolerance[i]);
                    }
                }
                at += padded(part);
            }
            for (long g = 0; g < GUARD; g++) {
                if (type.load(memory, g) != POISON || type.load(memory, at + g) != POISON) {
                    throw new AssertionError(what + ": memory outside the tensor was written");
                }
            }
        }
    }
}
