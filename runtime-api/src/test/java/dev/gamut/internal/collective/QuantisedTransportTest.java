package dev.gamut.internal.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors against the bounds that {@link CollectiveCall#transport} declares, the same bits everywhere, and what feedback makes up for. */
@Timeout(300)
class QuantisedTransportTest {
    private static final List<Collective> REDUCTIONS = List.of(Collective.ALL_REDUCE, Collective.REDUCE_SCATTER);

    private static final List<Collective> COPIES =
            List.of(Collective.ALL_GATHER, Collective.BROADCAST, Collective.ALL_TO_ALL);

    private static final List<DType> TYPES = List.of(DType.F32, DType.F64, DType.BF16, DType.F16);

    private static long seed() {
        return Long.getLong("gamut.test.seed", 1);
    }

    private static List<Quantise> codes() {
        return Stream.of(
                        Quantise.int8(),
                        Quantise.int4(),
                        Quantise.fp8e4m3(),
                        Quantise.fp8e5m2(),
                        Quantise.mxfp4().scaleType(DType.F32))
                .flatMap(q -> Stream.of(q, q.scaleType(DType.F8E8M0)))
                .toList();
    }

    /** What all ranks give to one call: known to each of them. */
    private record Trial(
            Collective op, Combine how, DType type, DType result, Quantise codes, long[] counts, int root, long seed) {
        int ranks() {
            return counts.length;
        }

        long whole() {
            return LongStream.of(counts).sum();
        }

        /** Parts of from of a rank. */
        long[] parts(int rank) {
            return switch (op) {
                case ALL_GATHER -> new long[] {counts[rank]};
                case ALL_TO_ALL ->
                    IntStream.range(0, ranks())
                            .mapToLong(s -> counts[(rank + s) % ranks()])
                            .toArray();
                case REDUCE_SCATTER -> counts;
                default -> new long[] {whole()};
            };
        }

        /** Every block has a magnitude of its own. */
        Tensor given(int rank) {
            SplittableRandom random = new SplittableRandom(seed + rank);
            Tensor x = Tensor.zeros(type, LongStream.of(parts(rank)).sum());
            double magnitude = 1;
            for (long i = 0; i < x.size(0); i++) {
                if (i % 7 == 0) {
                    magnitude = Math.scalb(1.0, random.nextInt(-6, 7));
                }
                x.set(magnitude * random.nextDouble(-1, 1), i);
            }
            return x;
        }

        CollectiveCall call(Tensor from, Tensor to, int rank) {
            return switch (op) {
                case ALL_REDUCE -> CollectiveCall.allReduce(from, to, how);
                case REDUCE_SCATTER -> CollectiveCall.reduceScatter(from, to, counts, how);
                case ALL_GATHER -> CollectiveCall.allGather(from, to, counts);
                case BROADCAST -> CollectiveCall.broadcast(from, root);
                default -> CollectiveCall.allToAll(from, parts(rank), to, taken(rank));
            };
        }

        private long[] taken(int rank) {
            return IntStream.range(0, ranks()).mapToLong(s -> parts(s)[rank]).toArray();
        }

        long size(int rank) {
            return switch (op) {
                case ALL_REDUCE, BROADCAST, ALL_GATHER -> whole();
                case REDUCE_SCATTER -> counts[rank];
                default -> LongStream.of(taken(rank)).sum();
            };
        }

        @Override
        public String toString() {
            return op + " " + how + " " + type + " to " + result + " by " + codes + " of " + Arrays.toString(counts);
        }
    }

    /** A part of the numbers that ranks give, in blocks: where it starts in from of each source, and in to. */
    private record Part(int[] sources, long[] first, long to, long count) {}

    private static List<Part> parts(Trial t, int rank) {
        int p = t.ranks();
        int[] all = IntStream.range(0, p).toArray();
        List<Part> parts = new ArrayList<>();
        long block = Math.max(1, t.codes.block());
        long each = ((t.whole() + block - 1) / block + p - 1) / p * block;
        long at = 0;
        for (int s = 0; s < p; s++) {
            long[] mine = t.parts(s);
            switch (t.op) {
                case ALL_REDUCE -> {
                    long from = Math.min(t.whole(), s * each);
                    long[] first = new long[p];
                    Arrays.fill(first, from);
                    parts.add(new Part(all, first, from, Math.min(t.whole(), from + each) - from));
                }
                case REDUCE_SCATTER -> {
                    long[] first = new long[p];
                    Arrays.fill(first, LongStream.of(t.counts).limit(rank).sum());
                    if (s == rank) {
                        parts.add(new Part(all, first, 0, t.counts[rank]));
                    }
                }
                case ALL_GATHER -> {
                    parts.add(new Part(new int[] {s}, new long[] {0}, at, mine[0]));
                    at += mine[0];
                }
                case BROADCAST -> {
                    if (s == t.root) {
                        parts.add(new Part(new int[] {s}, new long[] {0}, 0, t.whole()));
                    }
                }
                default -> {
                    long first = LongStream.of(mine).limit(rank).sum();
                    parts.add(new Part(new int[] {s}, new long[] {first}, at, mine[rank]));
                    at += mine[rank];
                }
            }
        }
        return parts;
    }

    /** Runs it and holds every element to the declared bound; the result. */
    private static Tensor check(Communicator comm, Trial t) {
        Tensor from = t.given(comm.rank());
        Tensor to = t.op == Collective.BROADCAST ? from : Tensor.zeros(t.result, t.size(comm.rank()));
        comm.run(t.call(from, to, comm.rank()).transport(t.codes));
        List<Tensor> all = IntStream.range(0, t.ranks()).mapToObj(t::given).toList();
        double e = BlockCodes.error(t.codes);
        int p = t.ranks();
        double share = switch (t.op) {
            case ALL_REDUCE -> e * (2 + e) + (p + 8) * 0x1p-22;
            case REDUCE_SCATTER -> e + (p + 8) * 0x1p-22;
            default -> e + 0x1p-21;
        };
        double divisor = t.op.combines() && t.how == Combine.AVERAGE ? p : 1;
        for (Part part : parts(t, comm.rank())) {
            long block = t.codes.block() == 0 ? Math.max(1, part.count) : t.codes.block();
            for (long b = 0; b < part.count; b += block) {
                long n = Math.min(block, part.count - b);
                double[] exact = new double[(int) n];
                double largest = 0;
                for (int s = 0; s < part.sources.length; s++) {
                    double most = 0;
                    for (int i = 0; i < n; i++) {
                        double v = all.get(part.sources[s]).get(part.first[s] + b + i);
                        exact[i] += v / divisor;
                        most = Math.max(most, Math.abs(v));
                    }
                    largest += most / divisor;
                }
                for (int i = 0; i < n; i++) {
                    double got = to.get(part.to + b + i);
                    double bound = share * largest;
                    bound += t.result.unitRoundoff() * (Math.abs(exact[i]) + bound) + t.result.minSubnormal();
                    assertTrue(
                            Math.abs(got - exact[i]) <= bound,
                            t + ": element " + (part.to + b + i) + " is " + got + ", exactly " + exact[i] + ", bound "
                                    + bound);
                }
            }
        }
        return to;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void errorsKeepTheDeclaredBound(int ranks) {
        AtomicInteger calls = new AtomicInteger();
        Communicators.run(ranks, comm -> {
            SplittableRandom random = new SplittableRandom(seed());
            for (Quantise code : codes()) {
                for (Quantise how : List.of(code.blocks(1), code.blocks(7), code.blocks(32), code.blocks(256))) {
                    for (Collective op :
                            Stream.concat(REDUCTIONS.stream(), COPIES.stream()).toList()) {
                        for (int size : new int[] {0, 1, 5, 33, 700}) {
                            Trial t = trial(op, how, size, ranks, random);
                            Tensor to = check(comm, t);
                            if (op != Collective.REDUCE_SCATTER && op != Collective.ALL_TO_ALL) {
                                sameOnAllRanks(comm, to, t);
                            }
                            calls.incrementAndGet();
                        }
                    }
                }
                Quantise whole = new Quantise(
                        code.type(),
                        dev.gamut.dtype.Scaling.Granularity.PER_TENSOR,
                        -1,
                        0,
                        code.scaleType(),
                        false,
                        100,
                        Rounding.NEAREST_EVEN);
                for (Collective op :
                        Stream.concat(REDUCTIONS.stream(), COPIES.stream()).toList()) {
                    check(comm, trial(op, whole, 700, ranks, random));
                }
            }
        });
        assertTrue(calls.get() >= 1_000 * ranks, calls + " calls");
    }

    private static Trial trial(Collective op, Quantise codes, int size, int ranks, SplittableRandom random) {
        long[] counts = new long[ranks];
        for (int r = 0; r < ranks; r++) {
            counts[r] = size == 0 ? 0 : random.nextInt(size + 1);
        }
        DType type = TYPES.get(random.nextInt(TYPES.size()));
        return new Trial(
                op,
                op.combines() && random.nextBoolean() ? Combine.AVERAGE : Combine.SUM,
                type,
                op.combines() && random.nextBoolean() ? type.sumAccumulator() : type,
                codes,
                counts,
                random.nextInt(ranks),
                random.nextLong());
    }

    private static void sameOnAllRanks(Communicator comm, Tensor x, Trial t) {
        Tensor first = Tensor.zeros(x.dtype(), x.size(0));
        for (long i = 0; i < x.size(0); i++) {
            first.set(x.get(i), i);
        }
        comm.broadcast(first, 0);
        assertEquals(
                -1, Operation.memory(first).mismatch(Operation.memory(x)), t + " on rank " + comm.rank() + ": bits");
    }

    /** Sums of many results differ from exact sums by what is left in the feedback: they do not drift. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void feedbackMakesUpForWhatWasLost(int ranks) {
        int n = 500;
        int steps = 100;
        for (Quantise how : List.of(Quantise.int8().blocks(64), Quantise.int4().blocks(32), Quantise.mxfp4())) {
            for (Combine combine : List.of(Combine.SUM, Combine.AVERAGE)) {
                for (DType type : List.of(DType.F32, DType.BF16)) {
                    double[] with = drift(ranks, n, steps, how, combine, type, true);
                    double[] without = drift(ranks, n, steps, how, combine, type, false);
                    String what = how + " " + combine + " " + type + " of " + ranks;
                    assertTrue(with[0] <= with[1], what + ": off by " + with[0] + ", left " + with[1]);
                    assertTrue(without[0] > 5 * with[0], what + ": " + without[0] + " without, " + with[0] + " with");
                }
            }
        }
    }

    /** Largest difference of the sum over steps from the exact one, and how large feedback allows it to be. */
    private static double[] drift(
            int ranks, int n, int steps, Quantise how, Combine combine, DType type, boolean remembers) {
        double[][] lost = new double[ranks][n];
        double[] sum = new double[n];
        double[] exact = new double[n];
        Communicators.run(ranks, comm -> {
            SplittableRandom random = new SplittableRandom(seed() + comm.rank());
            Tensor x = Tensor.zeros(type, n);
            for (int i = 0; i < n; i++) {
                x.set(random.nextDouble(-1, 1), i);
            }
            Tensor y = Tensor.zeros(type, n);
            Tensor feedback = Tensor.zeros(DType.F32, n);
            for (int step = 0; step < steps; step++) {
                CollectiveCall call = CollectiveCall.allReduce(x, y, combine).transport(how);
                comm.run(remembers ? call.feedback(feedback) : call);
                for (int i = 0; comm.rank() == 0 && i < n; i++) {
                    sum[i] += y.get(i);
                }
            }
            for (int i = 0; i < n; i++) {
                lost[comm.rank()][i] = feedback.get(i);
            }
            synchronized (exact) {
                for (int i = 0; i < n; i++) {
                    exact[i] += steps * x.get(i);
                }
            }
        });
        double divisor = combine == Combine.AVERAGE ? ranks : 1;
        double worst = 0;
        double allowed = 0;
        for (int i = 0; i < n; i++) {
            double left = 0;
            for (double[] each : lost) {
                left += each[i] / divisor;
            }
            worst = Math.max(worst, Math.abs(exact[i] / divisor - sum[i]));
            // Each step rounds a few numbers up to the number of ranks to F32.
            allowed = Math.max(allowed, Math.abs(left) + steps * (ranks + 4) * ranks * 0x1p-23);
            assertTrue(
                    !remembers || Math.abs(exact[i] / divisor - sum[i] - left) <= steps * (ranks + 4) * ranks * 0x1p-23,
                    "element " + i + ": exactly " + exact[i] / divisor + ", got " + sum[i] + ", left " + left);
        }
        return new double[] {worst, allowed};
    }

    @Test
    void feedbackServesEveryCollective() {
        Communicators.run(3, comm -> {
            SplittableRandom random = new SplittableRandom(seed());
            for (Collective op : List.of(
                    Collective.REDUCE_SCATTER, Collective.ALL_GATHER, Collective.BROADCAST, Collective.ALL_TO_ALL)) {
                Trial t = new Trial(
                        op,
                        Combine.SUM,
                        DType.F32,
                        DType.F32,
                        Quantise.int4().blocks(16),
                        new long[] {40, 3, 90},
                        1,
                        random.nextLong());
                Tensor from = t.given(comm.rank());
                Tensor feedback = Tensor.zeros(DType.F32, from.size(0));
                Tensor to = op == Collective.BROADCAST ? from : Tensor.zeros(DType.F32, t.size(comm.rank()));
                comm.run(t.call(from, to, comm.rank()).transport(t.codes).feedback(feedback));
                boolean gives = op != Collective.BROADCAST || comm.rank() == 1;
                double most = 0;
                for (long i = 0; i < feedback.size(0); i++) {
                    most = Math.max(most, Math.abs(feedback.get(i)));
                }
                assertEquals(gives, most > 0, t + " on rank " + comm.rank());
                if (op == Collective.ALL_GATHER) {
                    long first = LongStream.of(t.counts).limit(comm.rank()).sum();
                    for (long i = 0; i < from.size(0); i++) {
                        assertEquals(from.get(i), to.get(first + i) + feedback.get(i), 1e-6, t.toString());
                    }
                }
            }
        });
    }

    @Test
    void inPlaceAndSeveralAtOnce() {
        Communicators.run(3, comm -> {
            Quantise how = Quantise.int8().blocks(64);
            Tensor from = Tensor.zeros(DType.F32, 1_000);
            for (int i = 0; i < 1_000; i++) {
                from.set(Math.sin(i + comm.rank()), i);
            }
            Tensor apart = Tensor.zeros(DType.F32, 1_000);
            comm.run(CollectiveCall.allReduce(from, apart, Combine.SUM).transport(how));
            Tensor copy = Tensor.of(((float[]) from.array()).clone(), 1_000);
            List<Request> requests = new ArrayList<>();
            requests.add(
                    comm.start(CollectiveCall.allReduce(copy, copy, Combine.SUM).transport(how)));
            Tensor other = Tensor.zeros(DType.F32, 77);
            requests.add(comm.start(CollectiveCall.broadcast(other, 2).transport(Quantise.mxfp4())));
            requests.forEach(Request::await);
            assertEquals(-1, Arrays.mismatch((float[]) apart.array(), (float[]) copy.array()));
        });
    }

    @Test
    void whatIsNotFiniteMakesItsBlockNaN() {
        Communicators.run(2, comm -> {
            for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
                float[] x = new float[96];
                Arrays.fill(x, 1);
                x[40] = comm.rank() == 1 ? bad : 1;
                float[] lost = new float[96];
                Tensor t = Tensor.of(x, 96);
                for (Quantise code : codes()) {
                    Tensor y = Tensor.zeros(DType.F32, 96);
                    comm.run(CollectiveCall.allReduce(t, y, Combine.SUM)
                            .transport(code.blocks(32))
                            .feedback(Tensor.of(lost, 96)));
                    for (int i = 0; i < 96; i++) {
                        assertEquals(i / 32 == 1, Double.isNaN(y.get(i)), code + ": element " + i + " is " + y.get(i));
                        assertTrue(Float.isFinite(lost[i]), code + ": lost " + lost[i]);
                    }
                }
            }
        });
    }

    @Test
    void extremesOfTheRangeStayFinite() {
        Communicators.run(1, comm -> {
            for (Quantise code : codes()) {
                double e = BlockCodes.error(code);
                for (float most : new float[] {Float.MAX_VALUE, 1, Float.MIN_NORMAL, 3 * Float.MIN_VALUE, 0}) {
                    Tensor x = Tensor.of(new float[] {most, -most, most / 3, 0}, 4);
                    Tensor y = Tensor.zeros(DType.F32, 4);
                    comm.run(CollectiveCall.allGather(x, y).transport(code.blocks(4)));
                    for (int i = 0; i < 4; i++) {
                        double off = Math.abs(x.get(i) - y.get(i));
                        assertTrue(off <= (e + 0x1p-21) * most + 0x1p-113, code + ": " + x.get(i) + " -> " + y.get(i));
                    }
                }
            }
        });
    }

    /** Where the factor is 1, codes are those of the type's own rounding; those of powers of two are, wherever. */
    @Test
    void codesAreRoundedOnce() {
        SplittableRandom random = new SplittableRandom(seed());
        for (DType type : List.of(DType.I8, DType.I4, DType.F8E4M3, DType.F8E5M2, DType.F4E2M1)) {
            Quantise how = codes().stream()
                    .filter(q -> q.type() == type)
                    .findFirst()
                    .orElseThrow()
                    .blocks(2_000);
            BlockCodes codes = new BlockCodes(how, 2_000);
            float[] x = new float[2_000];
            float[] y = new float[2_000];
            float most = (float) type.maxFinite();
            for (int i = 1; i < x.length; i++) {
                double any = random.nextDouble(-most, most) * Math.scalb(1.0, -random.nextInt(24));
                double tie = (type.round(any) + type.round(any * 1.2)) / 2;
                double one = i % 3 == 0 ? tie : i % 3 == 1 ? any : Math.nextUp((float) tie);
                x[i] = (float) Math.clamp(one, -most, most);
            }
            x[0] = most;
            java.lang.foreign.MemorySegment message =
                    java.lang.foreign.MemorySegment.ofArray(new byte[(int) codes.bytes(2_000)]);
            codes.encode(x, x.length, message, 0);
            codes.decode(message, 0, y, y.length);
            for (int i = 0; i < x.length; i++) {
                double expected = type.isInteger() ? Math.clamp(type.round(x[i]), -most, most) : type.round(x[i]);
                assertEquals(expected, y[i], 0, type + " of " + x[i]);
            }
        }
    }

    @Test
    void whatCannotTravelAsCodesIsRefused() {
        Communicators.run(1, comm -> {
            Tensor x = Tensor.zeros(DType.F32, 8);
            Tensor y = Tensor.zeros(DType.F32, 8);
            Tensor whole = Tensor.zeros(DType.I32, 8);
            Quantise i8 = Quantise.int8().blocks(4);
            CollectiveCall sum = CollectiveCall.allReduce(x, y, Combine.SUM);
            refused(comm, CollectiveCall.allReduce(x, y, Combine.MAX).transport(i8), "carry [SUM, AVERAGE]");
            refused(comm, CollectiveCall.scan(x, y, Combine.SUM).transport(i8), "scan", "all_reduce");
            refused(comm, CollectiveCall.gather(x, y, 0).transport(i8), "gather", "all_gather");
            refused(comm, CollectiveCall.allReduce(whole, whole, Combine.SUM).transport(i8), "I32", "floats");
            refused(
                    comm,
                    CollectiveCall.allReduce(List.of(x, x), y, Combine.SUM).transport(i8),
                    "2 contributions");
            refused(comm, sum.transport(Quantise.uint8()), "asymmetric");
            refused(comm, sum.transport(Quantise.int8().perAxis(0)), "by axis");
            refused(comm, sum.transport(i8.along(0)), "by axis");
            refused(comm, sum.transport(i8.scaleType(DType.BF16)), "BF16", "F8E8M0");
            refused(comm, sum.transport(i8.percentile(99)), "percentile 99");
            refused(comm, sum.transport(i8.rounding(Rounding.STOCHASTIC)), "STOCHASTIC");
            refused(comm, sum.transport(Quantise.int8().blocks(1 << 21)), "2097152");
            sum.transport(i8);
            refused(comm, sum.feedback(Tensor.zeros(DType.F32, 7)), "feedback", "8");
            refused(comm, sum.feedback(Tensor.zeros(DType.F64, 8)), "F64");
            refused(comm, sum.feedback(x), "apart");
            refused(comm, CollectiveCall.allReduce(x, y, Combine.SUM).feedback(whole), "without transport");
        });
    }

    private static void refused(Communicator comm, CollectiveCall call, String... words) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> comm.run(call));
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
    }

    @Test
    void ranksThatDifferAreTold() {
        Communicators.run(2, comm -> {
            Tensor x = Tensor.zeros(DType.F32, 100);
            Quantise i8 = Quantise.int8().blocks(32);
            boolean odd = comm.rank() == 1;
            List<CollectiveCall> calls = List.of(
                    CollectiveCall.allReduce(x, x, odd ? Combine.AVERAGE : Combine.SUM)
                            .transport(i8),
                    CollectiveCall.allReduce(x, x, Combine.SUM).transport(odd ? Quantise.int4() : i8),
                    odd
                            ? CollectiveCall.allReduce(x, x, Combine.SUM)
                            : CollectiveCall.allReduce(x, x, Combine.SUM).transport(i8));
            for (CollectiveCall call : calls) {
                IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> comm.run(call));
                assertTrue(e.getMessage().contains("all_reduce sum f32 of 100 by i8"), e.getMessage());
            }
            comm.barrier();
        });
    }

    @Test
    void explainNamesTheSteps() {
        Communicators.run(2, comm -> {
            Tensor x = Tensor.zeros(DType.F32, 100);
            assertEquals(
                    List.of("quantised to i8: all_to_all of codes, sums in F32 in rank order, all_gather of codes"),
                    comm.explain(CollectiveCall.allReduce(x, x, Combine.SUM).transport(Quantise.int8())));
        });
    }
}
