package dev.gamut.internal.collective;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Collectives whose numbers travel as codes with factors, on any engine: each part is encoded, the engine moves messages of bytes, and
 * who gets them decodes them, sums in F32 in the order of ranks, and for an all-reduce encodes the sum and hands it to all. What a rank
 * keeps for itself passes through codes as well, so that all ranks have the same bits. One thread at a time.
 */
final class QuantisedTransport {
    private static final Set<Collective> COLLECTIVES = EnumSet.of(
            Collective.ALL_REDUCE,
            Collective.REDUCE_SCATTER,
            Collective.ALL_GATHER,
            Collective.BROADCAST,
            Collective.ALL_TO_ALL);

    private static final Set<Combine> SUMS = EnumSet.of(Combine.SUM, Combine.AVERAGE);

    private static final Set<DType> FACTORS = EnumSet.of(DType.F32, DType.F8E8M0);

    private final int rank;
    private final int size;
    private final GrowingMemory sent = new GrowingMemory();
    private final GrowingMemory received = new GrowingMemory();
    private final GrowingMemory own = new GrowingMemory();
    private Scratch scratch;

    QuantisedTransport(int rank, int size) {
        this.rank = rank;
        this.size = size;
    }

    /** What a block passes through; kept from call to call while blocks are alike. */
    private record Scratch(Quantise how, BlockCodes codes, float[] x, float[] y) {
        Scratch(Quantise how, int block) {
            this(how, new BlockCodes(how, block), new float[block], new float[block]);
        }
    }

    private Scratch scratch(Quantise how, long most) {
        int block = BlockCodes.block(how, most);
        if (scratch == null || !scratch.how.equals(how) || scratch.codes.block() != block) {
            scratch = new Scratch(how, block);
        }
        return scratch;
    }

    /**
     * Checks a call that asks for codes.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static void check(CollectiveCall call, CollectiveDesc desc) {
        if (call.transport().isEmpty()) {
            require(call.feedback().isEmpty(), "feedback is given without transport; nothing is lost without it");
            return;
        }
        Quantise how = call.transport().get();
        require(
                COLLECTIVES.contains(desc.op()),
                "transport is given for " + desc.op().id() + "; codes travel in "
                        + COLLECTIVES.stream().map(Collective::id).toList());
        require(
                !desc.op().combines() || SUMS.contains(desc.combine()),
                "transport is given for " + desc.combine() + "; codes carry " + SUMS);
        require(
                desc.type().isFloat() && desc.type().bits() >= Short.SIZE,
                "transport is given for " + desc.type() + "; codes stand for floats of 16 bits or more");
        require(
                call.accuracy() == Accuracy.NATIVE,
                "accuracy is " + call.accuracy() + " and transport given; codes are accurate to a share of the largest"
                        + " number of a block, which no accuracy demands");
        require(
                desc.contributions() == 1,
                "transport is given for " + desc.contributions() + " contributions; it takes one of each rank");
        require(!how.asymmetric(), "transport is asymmetric; codes travel without zero points");
        require(
                how.granularity() != Scaling.Granularity.PER_AXIS && how.axis() == -1,
                "transport is by axis; factors are for blocks of consecutive numbers, or one for each part");
        require(
                how.block() <= BlockCodes.LONGEST,
                "transport has blocks of " + how.block() + "; at most " + BlockCodes.LONGEST + " share a factor");
        require(
                FACTORS.contains(how.scaleType()),
                "transport has factors of " + how.scaleType() + "; allowed are " + FACTORS);
        require(
                how.percentile() == 100 && how.rounding() == Rounding.NEAREST_EVEN,
                "transport has percentile " + how.percentile() + " and rounding " + how.rounding()
                        + "; codes keep the largest magnitude and are rounded to nearest even");
        call.feedback().ifPresent(lost -> checkFeedback(lost, call));
    }

    private static void checkFeedback(Tensor lost, CollectiveCall call) {
        Tensor from = call.from().getFirst();
        require(
                lost.dtype() == DType.F32
                        && lost.layout().isRowMajor()
                        && lost.layout().size() == from.layout().size(),
                "feedback is " + lost + "; it must be F32, contiguous and of as many elements as from, "
                        + from.layout().size());
        for (Tensor other : List.of(from, call.to())) {
            require(
                    Operation.distance(lost, other).isEmpty(),
                    "feedback shares memory with from or to; it must be apart from them");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Carries out a call.
     *
     * @param operation with a transport
     * @param engine carries out collectives of bytes
     */
    void execute(Operation operation, Consumer<Operation> engine) {
        Call call = new Call(operation, engine);
        switch (operation.desc().op()) {
            case ALL_REDUCE -> call.allReduce();
            case REDUCE_SCATTER -> call.reduceScatter();
            case ALL_GATHER -> call.allGather();
            case BROADCAST -> call.broadcast();
            case ALL_TO_ALL -> call.allToAll();
            default -> throw new IllegalStateException(operation.desc() + " was not checked");
        }
    }

    /**
     * The steps of a call, for people.
     *
     * @param desc with a transport
     * @return one line
     */
    static String explain(CollectiveDesc desc) {
        String codes = desc.transport().orElseThrow().type().id();
        String inner = desc.op() == Collective.REDUCE_SCATTER || desc.op() == Collective.ALL_REDUCE
                ? Collective.ALL_TO_ALL.id() + " of codes, sums in F32 in rank order"
                        + (desc.op() == Collective.ALL_REDUCE ? ", " + Collective.ALL_GATHER.id() + " of codes" : "")
                : desc.op().id() + " of codes";
        return "quantised to " + codes + ": " + inner;
    }

    /** Messages of codes, one for each part. */
    private record Messages(MemorySegment memory, Parts bytes) {}

    /** One call. */
    private final class Call {
        private final Operation operation;
        private final Consumer<Operation> engine;
        private final CollectiveDesc desc;
        private final Parts fromParts;
        private final Parts toParts;
        private final BlockCodes codes;
        private final float[] x;
        private final float[] y;
        private final MemorySegment xs;
        private final MemorySegment ys;
        private final MemorySegment feedback;

        Call(Operation operation, Consumer<Operation> engine) {
            this.operation = operation;
            this.engine = engine;
            this.desc = operation.desc();
            boolean reduces = desc.op() == Collective.ALL_REDUCE;
            long[] shares = reduces ? shares(desc) : null;
            this.fromParts = reduces ? Parts.of(desc.type(), shares) : operation.fromParts(1);
            this.toParts = reduces ? Parts.of(desc.result(), shares) : operation.toParts(1);
            long most = Math.max(largest(fromParts), largest(toParts));
            Scratch room = scratch(desc.transport().orElseThrow(), most);
            this.codes = room.codes;
            this.x = room.x;
            this.y = room.y;
            this.xs = MemorySegment.ofArray(x);
            this.ys = MemorySegment.ofArray(y);
            this.feedback = operation.call().feedback().map(Operation::memory).orElse(null);
        }

        private static long largest(Parts parts) {
            return Arrays.stream(parts.count()).max().orElse(0);
        }

        /** Shares of the ranks in a reduction: whole blocks, the last ones fewer. */
        private long[] shares(CollectiveDesc desc) {
            int block = Math.max(1, desc.transport().orElseThrow().block());
            long blocks = (desc.count() + block - 1) / block;
            long each = (blocks + size - 1) / size * block;
            long[] counts = new long[size];
            for (int r = 0; r < size; r++) {
                counts[r] = Math.min(desc.count(), (r + 1) * each) - Math.min(desc.count(), r * each);
            }
            return counts;
        }

        void allReduce() {
            Messages mine = exchangeParts();
            Messages sum = messages(own, fromParts.count()[rank]);
            long lost = Arrays.stream(fromParts.count(), 0, rank).sum();
            reduce(mine, (at, n) -> {
                codes.encode(x, n, sum.memory, codes.bytes(at));
                if (feedback != null) {
                    codes.decode(sum.memory, codes.bytes(at), y, n);
                    round(y, n);
                    float back = desc.combine() == Combine.AVERAGE ? size : 1;
                    give(lost + at, back, n, true);
                }
            });
            Messages sums = messages(sent, toParts.count());
            gather(sum, sums);
            decode(sums);
        }

        void reduceScatter() {
            reduce(exchangeParts(), (at, n) -> store(xs, 0, at, n));
        }

        void allGather() {
            Messages mine = messages(own, fromParts.count()[0]);
            encode(mine);
            Messages all = messages(received, toParts.count());
            gather(mine, all);
            decode(all);
        }

        void broadcast() {
            Messages all = messages(own, desc.count());
            if (rank == desc.root()) {
                encode(all);
            }
            run(CollectiveCall.broadcast(bytes(all.memory), desc.root()));
            decode(all);
        }

        void allToAll() {
            Messages mine = messages(sent, fromParts.count());
            encode(mine);
            Messages all = messages(received, toParts.count());
            exchange(mine, all);
            decode(all);
        }

        /** All parts encoded and sent to whose they are; what this rank gets is its part of each rank. */
        private Messages exchangeParts() {
            Messages mine = messages(sent, fromParts.count());
            encode(mine);
            long[] counts = new long[size];
            Arrays.fill(counts, fromParts.count()[rank]);
            Messages all = messages(received, counts);
            exchange(mine, all);
            return all;
        }

        private void exchange(Messages mine, Messages all) {
            Tensor from = bytes(mine.memory);
            Tensor to = bytes(all.memory);
            run(
                    isEven(mine)
                            ? CollectiveCall.allToAll(from, to)
                            : CollectiveCall.allToAll(from, mine.bytes.count(), to, all.bytes.count()));
        }

        private void gather(Messages mine, Messages all) {
            Tensor from = bytes(mine.memory);
            Tensor to = bytes(all.memory);
            run(
                    isEven(all)
                            ? CollectiveCall.allGather(from, to)
                            : CollectiveCall.allGather(from, to, all.bytes.count()));
        }

        /** Whether all messages have one size, as every rank knows: engines compare and schedule such calls for less. */
        private boolean isEven(Messages all) {
            return !operation.hasCounts()
                    && Arrays.stream(all.bytes.count()).distinct().count() == 1;
        }

        private void run(CollectiveCall step) {
            engine.accept(operation.inner(step));
        }

        private Messages messages(GrowingMemory buffer, long... numbers) {
            Parts bytes =
                    Parts.of(DType.U8, Arrays.stream(numbers).map(codes::bytes).toArray());
            return new Messages(buffer.of(bytes.elements()), bytes);
        }

        private static Tensor bytes(MemorySegment memory) {
            return Tensor.of(memory, DType.U8, Layout.rowMajor(memory.byteSize()));
        }

        /** Encodes from with what was lost before, and keeps what is lost now. */
        private void encode(Messages to) {
            MemorySegment from = operation.from()[0];
            long before = 0;
            for (int part = 0; part < fromParts.count().length; part++) {
                long first = to.bytes.first()[part];
                long begins = fromParts.first()[part];
                long number = before;
                blocks(fromParts.count()[part], (at, n) -> {
                    Convert.convert(
                            from.asSlice(
                                    begins + desc.type().bytes(at), desc.type().bytes(n)),
                            desc.type(),
                            0,
                            xs,
                            DType.F32,
                            0,
                            n);
                    if (feedback != null) {
                        take(number + at, n);
                    }
                    codes.encode(x, n, to.memory, first + codes.bytes(at));
                    if (feedback != null) {
                        codes.decode(to.memory, first + codes.bytes(at), y, n);
                        give(number + at, 1, n, false);
                    }
                });
                before += fromParts.count()[part];
            }
        }

        private void decode(Messages from) {
            for (int part = 0; part < from.bytes.count().length; part++) {
                long first = from.bytes.first()[part];
                long begins = toParts.first()[part];
                blocks(toParts.count()[part], (at, n) -> {
                    codes.decode(from.memory, first + codes.bytes(at), x, n);
                    store(xs, begins, at, n);
                });
            }
        }

        /** Sums the messages of all ranks block by block into x. */
        private void reduce(Messages all, Block done) {
            blocks(fromParts.count()[rank], (at, n) -> {
                codes.decode(all.memory, all.bytes.first()[0] + codes.bytes(at), x, n);
                for (int r = 1; r < size; r++) {
                    codes.decode(all.memory, all.bytes.first()[r] + codes.bytes(at), y, n);
                    add(x, y, n);
                }
                if (desc.combine() == Combine.AVERAGE) {
                    divide(x, size, n);
                }
                done.run(at, n);
            });
        }

        private void store(MemorySegment numbers, long begins, long at, int n) {
            DType type = desc.result();
            MemorySegment to = desc.op() == Collective.BROADCAST ? operation.from()[0] : operation.to();
            Convert.convert(numbers, DType.F32, 0, to.asSlice(begins + type.bytes(at), type.bytes(n)), type, 0, n);
        }

        /** As the result's type holds it. */
        private void round(float[] numbers, int n) {
            for (int i = 0; i < n && desc.result().bits() < Float.SIZE; i++) {
                numbers[i] = (float) desc.result().round(numbers[i]);
            }
        }

        /** x + what was lost before. */
        private void take(long first, int n) {
            MemorySegment.copy(feedback, first * Float.BYTES, ys, 0, (long) n * Float.BYTES);
            add(x, y, n);
        }

        /** Keeps by·(x - y), what became of x being y; nothing of what is not finite. */
        private void give(long first, float by, int n, boolean besides) {
            for (int i = 0; i < n; i++) {
                float lost = by * (x[i] - y[i]);
                y[i] = Float.isFinite(lost) ? lost : 0;
            }
            if (besides) {
                for (int i = 0; i < n; i++) {
                    y[i] += feedback.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, first + i);
                }
            }
            MemorySegment.copy(ys, 0, feedback, first * Float.BYTES, (long) n * Float.BYTES);
        }

        private void blocks(long numbers, Block body) {
            for (long at = 0; at < numbers; at += codes.block()) {
                body.run(at, (int) Math.min(codes.block(), numbers - at));
            }
        }
    }

    /** What is done to a block of numbers of a part. */
    @FunctionalInterface
    private interface Block {
        void run(long at, int n);
    }

    private static void add(float[] sum, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i];
        }
    }

    private static void divide(float[] sum, int by, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] /= by;
        }
    }
}
