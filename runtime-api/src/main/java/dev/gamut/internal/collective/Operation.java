package dev.gamut.internal.collective;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.device.Device;
import dev.gamut.dtype.DType;
import dev.gamut.internal.memory.SegmentChecks;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A rank's side of a collective, checked: what all must agree on, and where this rank's memory lies. Immutable. */
final class Operation {
    private final CollectiveCall call;
    private final CollectiveDesc desc;
    private final int rank;
    private final int size;
    private final Optional<Device> device;
    private final MemorySegment[] from;
    private final MemorySegment to;
    private final Optional<MemorySegment> indices;
    private final boolean inPlace;
    private final CollectiveDesc agreed;

    /**
     * Checks a call.
     *
     * @throws IllegalArgumentException naming the argument, its value and what is allowed
     */
    Operation(CollectiveCall call, int rank, int size) {
        this(call, rank, size, null);
    }

    private Operation(CollectiveCall call, int rank, int size, CollectiveDesc outer) {
        this.call = call;
        this.rank = rank;
        this.size = size;
        if (call.op().isRooted() && (call.root() < 0 || call.root() >= size)) {
            throw new IllegalArgumentException("root is " + call.root() + "; allowed are 0 to " + (size - 1));
        }
        List<Tensor> given = call.from();
        Tensor taken = call.to();
        this.device = device(call);
        for (Tensor tensor : given) {
            check("from", tensor, given.getFirst(), call.op());
            checkReach("from", tensor, false);
        }
        DType type = given.isEmpty() ? DType.U8 : given.getFirst().dtype();
        boolean writes = writes();
        if (writes) {
            check("to", taken, taken, call.op());
            checkReach("to", taken, true);
        }
        call.indices().ifPresent(t -> checkReach("indices", t, writes));
        call.feedback().ifPresent(t -> checkReach("feedback", t, true));
        this.desc = new CollectiveDesc(
                call.op(),
                call.combine(),
                type,
                call.op() == Collective.BARRIER ? type : taken.dtype(),
                count(given, taken),
                contributions(),
                call.root(),
                call.determinism(),
                call.transport());
        this.agreed = outer == null ? desc : outer;
        QuantisedTransport.check(call, desc);
        checkAccuracy();
        checkOrder();
        boolean here = device.isEmpty();
        this.from = here ? given.stream().map(Operation::memory).toArray(MemorySegment[]::new) : null;
        this.to = !here ? null : writes ? memory(taken) : MemorySegment.NULL;
        this.indices = here ? call.indices().map(Operation::memory) : Optional.empty();
        if (reads()) {
            size("from", given.getFirst(), fromParts(1));
        }
        if (writes && desc.op() != Collective.BARRIER) {
            size("to", taken, toParts(1));
        }
        this.inPlace = writes && checkedOverlap();
        checkIndices();
    }

    /** Where the tensors of a call lie, all of them; empty for the host. */
    private static Optional<Device> device(CollectiveCall call) {
        if (call.from().isEmpty()) {
            return Optional.empty();
        }
        Tensor first = call.from().getFirst();
        call.from().forEach(each -> requireTogether("from", each, first));
        requireTogether("to", call.to(), first);
        call.indices().ifPresent(each -> requireTogether("indices", each, first));
        call.feedback().ifPresent(each -> requireTogether("feedback", each, first));
        return Optional.ofNullable(first.remote()).map(memory -> (Device) memory.owner());
    }

    private static void requireTogether(String name, Tensor tensor, Tensor first) {
        Object owner = tensor.remote() == null ? null : tensor.remote().owner();
        if (owner != (first.remote() == null ? null : first.remote().owner())) {
            throw new IllegalArgumentException(name + " lies on " + place(tensor) + ", from on " + place(first)
                    + "; tensors of one call lie all on the host or all on one opening of a device");
        }
    }

    private static String place(Tensor tensor) {
        return tensor.remote() == null ? "the host" : tensor.remote().place();
    }

    /**
     * Refuses memory that was closed, and that of another device than the engine's.
     *
     * @param engine name of the device that this rank is on, empty for the host, to which tensors of any device are copied
     */
    void requireReachable(Optional<String> engine) {
        if (device.isEmpty()) {
            for (MemorySegment each : from) {
                requireAlive("from", each);
            }
            requireAlive("to", to);
            return;
        }
        tensors().forEach(each -> each.remote().requireOpen());
        String place = device.get().info().name();
        if (engine.isPresent() && !engine.get().equals(place)) {
            throw new IllegalArgumentException("from lies on " + place + "; rank " + rank + " is on " + engine.get()
                    + ", and takes tensors of it and of the host");
        }
    }

    private static void requireAlive(String name, MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(name + " is a segment whose arena is closed");
        }
    }

    /** Of all ranks; 1 where each gives one tensor. */
    private int contributions() {
        int total = call.total(size);
        int own = share(rank);
        if (total < size || !call.from().isEmpty() && call.from().size() != own) {
            throw new IllegalArgumentException("from has " + call.from().size() + " of " + total
                    + " contributions; there must be at least one for each of " + size + " ranks, of which rank "
                    + rank + " gives " + own);
        }
        return total == size ? 1 : total;
    }

    /** Contributions that a rank gives. */
    int share(int of) {
        long total = call.total(size);
        return (int) ((of + 1) * total / size - of * total / size);
    }

    private static void check(String name, Tensor tensor, Tensor first, Collective op) {
        if (tensor.scaling().hasScales()) {
            throw new IllegalArgumentException(
                    name + " is " + tensor
                            + "; collectives take plain numbers: dequantise it, or send codes and factors as tensors of their own");
        }
        boolean mayBePadded = tensor.dtype().isSubByte() && !op.combines();
        if (!tensor.layout().isRowMajor() && !(mayBePadded && isOfPaddedRows(tensor))) {
            throw new IllegalArgumentException(name + " is " + tensor + "; it must be contiguous and row-major");
        }
        if (tensor.dtype() != first.dtype()
                || tensor.layout().size() != first.layout().size()) {
            throw new IllegalArgumentException(
                    name + " holds " + tensor + " and " + first + "; contributions must be alike");
        }
        if (tensor.offset() * tensor.dtype().bits() % Byte.SIZE != 0) {
            throw new IllegalArgumentException(
                    name + " begins at element " + tensor.offset() + " of 4 bits; it must begin at a whole byte");
        }
    }

    /** Whether rows lie one after the other, each from a whole byte on. */
    private static boolean isOfPaddedRows(Tensor tensor) {
        Layout layout = tensor.layout();
        long perByte = Byte.SIZE / tensor.dtype().bits();
        long stride = 1;
        for (int axis = layout.rank() - 1; axis >= 0; axis--) {
            if (layout.size(axis) > 1 && layout.stride(axis) != stride) {
                return false;
            }
            stride *= Math.max(layout.size(axis), 1);
            if (axis == layout.rank() - 1) {
                stride = Math.ceilDiv(stride, perByte) * perByte;
            }
        }
        return true;
    }

    /** Refuses memory of the host that a call would end halfway for. */
    private static void checkReach(String name, Tensor tensor, boolean written) {
        if (tensor.remote() == null) {
            SegmentChecks.requireUsable(name, tensor.segment(), written);
            if (SegmentChecks.isConfined(tensor.segment())) {
                throw new IllegalArgumentException(
                        name
                                + " is a segment confined to this thread, and those of other ranks may use it; use a shared or automatic arena");
            }
        }
    }

    /** Checks a tensor that is sent or received. */
    static void checkMessage(Tensor x, boolean received) {
        if (x == null) {
            throw new IllegalArgumentException("x is null");
        }
        check("x", x, x, Collective.BROADCAST);
        if (x.remote() != null) {
            throw new IllegalArgumentException("x lies on " + place(x)
                    + "; messages are of tensors of the host, collectives of those of devices too");
        }
        checkReach("x", x, received);
    }

    /** Elements of a tensor that is not cut into parts: those that pad its rows travel with it. */
    private static long whole(Tensor t) {
        return t.layout().extent();
    }

    /** What a message holds, the same on both sides. */
    static String contents(Tensor x) {
        return x.dtype().id() + " of " + whole(x);
    }

    /** The bytes that a tensor's elements lie in. */
    static MemorySegment memory(Tensor t) {
        return t.segment()
                .asSlice(t.dtype().bytes(t.offset()), t.dtype().bytes(t.layout().extent()));
    }

    /** A tensor must have the elements of its parts in as many bytes, whether rows of 4-bit elements are padded or not. */
    private static void size(String name, Tensor t, Parts parts) {
        DType type = t.dtype();
        long needed = parts.elements();
        long bytes = Arrays.stream(parts.count()).map(type::bytes).sum();
        boolean padded = type.isSubByte() && t.layout().extent() >= needed;
        if (t.layout().size() != needed && !padded || type.bytes(t.layout().extent()) != bytes) {
            String there = name + " has " + t.layout().size() + " elements";
            throw new IllegalArgumentException(
                    type.isSubByte()
                            ? there + " in " + type.bytes(t.layout().extent()) + " bytes; this call needs " + needed
                                    + " in " + bytes
                                    + ", each rank's part from a whole byte on and without padding in it"
                            : there + "; this call needs " + needed);
        }
    }

    /** Elements of from of this rank, where it is not made of parts. */
    private long oneOfFrom() {
        return call.op().collectsParts() && call.op() != Collective.ALL_TO_ALL
                ? toCounts()[rank]
                : call.from().isEmpty() ? 0 : whole(call.from().getFirst());
    }

    /** Whether this rank's from is read. */
    boolean reads() {
        return switch (call.op()) {
            case BARRIER -> false;
            case BROADCAST, SCATTER -> rank == call.root();
            default -> true;
        };
    }

    /** Whether this rank's to is written. */
    boolean writes() {
        return switch (call.op()) {
            case BARRIER -> false;
            case REDUCE, GATHER -> rank == call.root();
            case BROADCAST -> rank != call.root();
            default -> true;
        };
    }

    private long count(List<Tensor> given, Tensor taken) {
        Collective op = call.op();
        if (op == Collective.BARRIER) {
            return 0;
        }
        long[] counts = call.fromCounts().or(call::toCounts).orElse(null);
        if (counts != null) {
            call.fromCounts().ifPresent(c -> checkCounts("fromCounts", c));
            call.toCounts().ifPresent(c -> checkCounts("toCounts", c));
            return op == Collective.ALL_TO_ALL
                    ? CollectiveDesc.VARIES
                    : Arrays.stream(counts).sum();
        }
        if (!op.hasParts()) {
            return whole(given.getFirst());
        }
        long n = given.getFirst().layout().size();
        if (op == Collective.SCATTER) {
            return rank == call.root() ? divisible("from", n) : taken.layout().size() * size;
        }
        return op == Collective.ALL_GATHER || op == Collective.GATHER ? n * size : divisible("from", n);
    }

    private long divisible(String name, long n) {
        if (n % size != 0) {
            throw new IllegalArgumentException(
                    name + " has " + n + " elements; without counts it must be a multiple of the " + size + " ranks");
        }
        return n;
    }

    private void checkCounts(String name, long[] counts) {
        if (counts.length != size) {
            throw new IllegalArgumentException(
                    name + " has " + counts.length + " entries; there are " + size + " ranks");
        }
        for (long c : counts) {
            if (c < 0) {
                throw new IllegalArgumentException(name + " is " + Arrays.toString(counts) + "; counts are at least 0");
            }
        }
    }

    private long[] fromCounts() {
        return call.fromCounts().orElseGet(() -> equal(desc.count()));
    }

    private long[] toCounts() {
        return call.toCounts().orElseGet(() -> equal(desc.count()));
    }

    private long[] equal(long whole) {
        long[] counts = new long[size];
        Arrays.fill(counts, whole / size);
        return counts;
    }

    /** Whether from and to are the same memory; other overlaps are refused. */
    private boolean checkedOverlap() {
        boolean same = false;
        for (Tensor each : call.from()) {
            OptionalLong distance = reads() ? distance(each, call.to()) : OptionalLong.empty();
            if (distance.isEmpty()) {
                continue;
            }
            long allowed = call.op().dealsParts() && !call.op().collectsParts()
                    ? Parts.of(desc.type(), fromCounts()).first()[rank]
                    : call.op().collectsParts() && !call.op().dealsParts()
                            ? -Parts.of(desc.type(), toCounts()).first()[rank]
                            : 0;
            if (distance.getAsLong() != allowed || call.from().size() > 1 || desc.type() != desc.result()) {
                throw new IllegalArgumentException("from and to overlap " + Math.abs(distance.getAsLong())
                        + " bytes apart; they must share no element, or be the same memory of the same type");
            }
            same = true;
        }
        return same;
    }

    /** Bytes from the start of one tensor to that of another one, where they share any. */
    static OptionalLong distance(Tensor one, Tensor other) {
        long bytes = one.dtype().bytes(one.layout().extent());
        long otherBytes = other.dtype().bytes(other.layout().extent());
        if (bytes == 0 || otherBytes == 0 || one.remote() != other.remote()) {
            return OptionalLong.empty();
        }
        if (one.remote() != null) {
            long apart = other.dtype().bytes(other.offset()) - one.dtype().bytes(one.offset());
            return apart < bytes && -apart < otherBytes ? OptionalLong.of(apart) : OptionalLong.empty();
        }
        MemorySegment x = memory(one);
        MemorySegment y = memory(other);
        return x.asOverlappingSlice(y).isPresent() ? OptionalLong.of(y.address() - x.address()) : OptionalLong.empty();
    }

    private void checkAccuracy() {
        DType type = desc.type().sumAccumulator();
        double underflow = desc.combine() == Combine.PRODUCT ? type.minSubnormal() : 0;
        ErrorBound bound = isExact() ? ErrorBound.EXACT : new ErrorBound(type.unitRoundoff(), 1, 0, 0, underflow);
        long terms = call.total(size);
        if (!call.accuracy().admits(bound, true, terms)) {
            throw new IllegalArgumentException("accuracy is " + call.accuracy() + "; " + desc + " on " + size
                    + " ranks, in " + type + ", is within " + bound.relative(terms));
        }
    }

    /** Combinations are made in the order of ranks, which has no name; what is exact has every one. */
    private void checkOrder() {
        Optional<EvaluationOrder> order = desc.determinism().order();
        if (order.isPresent() && !isExact()) {
            throw new IllegalArgumentException("determinism is " + desc.determinism() + "; "
                    + desc.op().id() + " "
                    + desc.combine().id() + " of " + desc.type() + " is combined in the order of ranks: ask for BITWISE"
                    + " without naming an order, or use GlobalSum for " + EvaluationOrder.TREE64);
        }
    }

    private boolean isExact() {
        return !desc.op().combines()
                || desc.combine().isSelection()
                || desc.type().isInteger();
    }

    private void checkIndices() {
        boolean indexed = desc.op().combines() && desc.combine().isIndexed();
        if (indexed != call.indices().isPresent()) {
            throw new IllegalArgumentException(
                    indexed ? desc.combine() + " needs indices" : "indices are given; only ARGMIN and ARGMAX have any");
        }
        if (indexed) {
            Tensor numbers = call.indices().orElseThrow();
            boolean fits = numbers.dtype() == DType.I64
                    && numbers.layout().isRowMajor()
                    && numbers.layout().size()
                            == call.from().getFirst().layout().size();
            if (!fits
                    || call.from().size() > 1
                    || desc.op() != Collective.ALL_REDUCE && desc.op() != Collective.REDUCE) {
                throw new IllegalArgumentException(
                        "indices are " + numbers
                                + "; they are contiguous I64 numbers, as many as from, of an all-reduce or a reduce with one contribution");
            }
        }
    }

    CollectiveCall call() {
        return call;
    }

    /** All that the call has. */
    Stream<Tensor> tensors() {
        return Stream.of(
                        call.from().stream(),
                        Stream.ofNullable(call.to()),
                        call.indices().stream(),
                        call.feedback().stream())
                .flatMap(each -> each);
    }

    CollectiveDesc desc() {
        return desc;
    }

    /** What all ranks must agree on: what the caller asked for, where this is a step on the way to it. */
    CollectiveDesc agreed() {
        return agreed;
    }

    /** A step on the way to this. */
    Operation inner(CollectiveCall step) {
        return new Operation(step, rank, size, agreed);
    }

    /** The device that tensors lie on, whose memory is none of what follows; empty for the host. */
    Optional<Device> device() {
        return device;
    }

    MemorySegment[] from() {
        return from;
    }

    MemorySegment to() {
        return to;
    }

    Optional<MemorySegment> indices() {
        return indices;
    }

    boolean isInPlace() {
        return inPlace;
    }

    /** Whether the caller says how large each part is. */
    boolean hasCounts() {
        return call.fromCounts().isPresent() || call.toCounts().isPresent();
    }

    /** Parts of from. */
    Parts fromParts(int parts) {
        return call.op().dealsParts()
                ? Parts.of(desc.type(), fromCounts())
                : parts == 1 ? Parts.whole(oneOfFrom()) : Parts.even(desc.type(), desc.type(), oneOfFrom(), parts);
    }

    /** Parts of to. */
    Parts toParts(int parts) {
        if (call.op().collectsParts()) {
            return Parts.of(desc.result(), toCounts());
        }
        long n = desc.op() == Collective.REDUCE_SCATTER || desc.op() == Collective.SCATTER
                ? fromCounts()[rank]
                : desc.count();
        return parts == 1 ? Parts.whole(n) : Parts.even(desc.result(), desc.type(), n, parts);
    }

    /** Whether an algorithm gives what is asked for: partial results may be rounded to the type of the result, in any order, or not. */
    boolean admits(Algorithm algorithm) {
        boolean exact =
                desc.combine().isSelection() || desc.type() == desc.type().sumAccumulator();
        return algorithm.inRankOrder()
                || exact
                        && desc.type() == desc.result()
                        && desc.combine() != Combine.AVERAGE
                        && desc.contributions() == 1
                        && desc.determinism() == Determinism.ANY;
    }
}
