package dev.gamut.internal.collective;

import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.error.RankFailureException;
import dev.gamut.internal.collective.InProcessGroup.Memory;
import dev.gamut.internal.collective.InProcessGroup.Shown;
import dev.gamut.internal.collective.Schedule.Buffer;
import dev.gamut.internal.collective.Schedule.Place;
import dev.gamut.internal.collective.Schedule.Step;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;

/**
 * A rank among threads of one process. Ranks read each other's memory where it lies and write only their own; between phases they wait
 * for each other. Small tensors are shown by value, so that one meeting is enough.
 */
public final class InProcessCommunicator extends RankCommunicator {
    /**
     * Measured with two ranks on an AMD Zen 4: a meeting takes 0.15 to 0.3 µs, a byte out of another core's cache 30 ps, of this
     * core's 10 ps. All-reduces of 64 MiB in chunks of 512 KiB for each rank take a fifth less than in chunks of
     * 128 KiB, smaller ones no more.
     */
    private static final Choice.Costs COSTS = new Choice.Costs(0.3e-6, 30e-12, 10e-12, 512 << 10);

    /** Tensors shown by value: copying them costs less than a second meeting. */
    private static final int SMALL_BYTES = 8 << 10;

    private final InProcessGroup group;
    private final Combiner combiner = new Combiner();
    private final MemorySegment[] small = {
        MemorySegment.ofArray(new long[SMALL_BYTES / Long.BYTES]),
        MemorySegment.ofArray(new long[SMALL_BYTES / Long.BYTES])
    };
    private final Parts smallParts = Parts.whole(0);
    private final GrowingMemory spare = new GrowingMemory();
    private final GrowingMemory moved = new GrowingMemory();
    private final GrowingMemory movedIndices = new GrowingMemory();
    private long arrivals;

    InProcessCommunicator(InProcessGroup group, int rank) {
        super(rank, group.size(), COSTS);
        this.group = group;
    }

    /**
     * Communicators of a new group.
     *
     * @param members of it
     * @return one for each
     */
    public static List<RankCommunicator> group(List<Member> members) {
        InProcessGroup group = new InProcessGroup(members);
        return java.util.stream.IntStream.range(0, members.size())
                .<RankCommunicator>mapToObj(r -> new InProcessCommunicator(group, r))
                .toList();
    }

    @Override
    public String engine() {
        return "inprocess";
    }

    @Override
    public List<Level> levels() {
        return List.of(
                new Level("all", Collections.nCopies(size(), 0)), new Level("host", Collections.nCopies(size(), 0)));
    }

    @Override
    void execute(Operation operation, Watch watch) {
        group.requireWhole(watch);
        if (watch.isCancelled()) {
            group.fail(Set.of(rank()), "gave it up", watch);
            throw watch.cancellation();
        }
        long before = arrivals;
        try {
            if (operation.indices().isPresent()) {
                indexed(operation, watch);
            } else if (isSmall(operation)) {
                byValue(operation, watch);
            } else {
                byReference(operation, watch);
            }
        } catch (Refusal | CancellationException | RankFailureException e) {
            throw e;
        } catch (Throwable e) {
            if (e instanceof IllegalStateException) {
                requireMemory(arrivals > before, watch);
            }
            giveUp(e, watch);
            throw e;
        }
    }

    /**
     * Throws where memory that another rank showed is no longer there: it may have given up, or closed it too early.
     *
     * @param met whether all ranks have shown the memory of this call
     */
    private void requireMemory(boolean met, Watch watch) {
        Set<Integer> closed = new TreeSet<>();
        for (int r = 0; met && r < size(); r++) {
            Memory memory = group.shown(r, arrivals).memory();
            if (memory != null && !memory.isAlive()) {
                closed.add(r);
            }
        }
        if (!closed.isEmpty() && !closed.contains(rank())) {
            group.fail(closed, "closed memory that the call uses", watch);
        }
        group.requireWhole(watch);
    }

    @Override
    void giveUp(Throwable why, Watch watch) {
        group.fail(Set.of(rank()), "threw " + why, watch);
    }

    /** All ranks throw it, after the same meeting: the group stays in step. */
    private static final class Refusal extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Refusal(String difference) {
            super(difference);
        }
    }

    private void meet(Shown what, Watch watch) {
        group.arrive(rank(), ++arrivals, what);
        group.await(rank(), arrivals, watch);
    }

    private boolean isSmall(Operation operation) {
        CollectiveDesc desc = operation.desc();
        return desc.op() == Collective.ALL_REDUCE
                && desc.contributions() == 1
                && isFree(desc)
                && desc.type().bytes(desc.count()) <= SMALL_BYTES;
    }

    private void byValue(Operation operation, Watch watch) {
        CollectiveDesc desc = operation.desc();
        MemorySegment mine = small[(int) (arrivals + 1 & 1)];
        MemorySegment.copy(operation.from()[0], 0, mine, 0, desc.type().bytes(desc.count()));
        meet(new Shown(operation, new Memory(new MemorySegment[] {mine}, smallParts, null, null, null)), watch);
        compare(operation, watch);
        MemorySegment[] sources = new MemorySegment[size()];
        for (int r = 0; r < size(); r++) {
            sources[r] = group.shown(r, arrivals).memory().from()[0];
        }
        Combiner.Sources all = new Combiner.Sources(sources, new long[size()]);
        combiner.combine(desc, all, operation.to(), 0, desc.count());
    }

    private void byReference(Operation operation, Watch watch) {
        Schedule schedule = choose(operation);
        MemorySegment[] from = operation.isInPlace() && !schedule.inPlace()
                ? new MemorySegment[] {moved.copy(operation.from()[0])}
                : operation.from();
        Parts fromParts = operation.fromParts(schedule.parts());
        Parts toParts = operation.toParts(schedule.parts());
        MemorySegment room = spare.of(schedule.usesSpare() ? operation.to().byteSize() : 0);
        Memory mine = new Memory(from, fromParts, operation.to(), toParts, room);
        meet(new Shown(operation, mine), watch);
        compare(operation, watch);
        Shown[] all = new Shown[size()];
        for (int r = 0; r < size(); r++) {
            all[r] = group.shown(r, arrivals);
        }
        compareParts(schedule, all, watch);
        for (int phase = 0; phase < schedule.phases().size(); phase++) {
            if (phase > 0) {
                meet(all[rank()], watch);
            }
            for (Step step : schedule.steps(phase, rank())) {
                carryOut(operation.desc(), step, all);
            }
        }
        meet(all[rank()], watch); // the others have read what this rank may now change
    }

    /** Ranks that call different things all find out, as each compares itself with every other; the group stays in step. */
    private void compare(Operation operation, Watch watch) {
        for (int r = 0; r < size(); r++) {
            CollectiveDesc other = group.shown(r, arrivals).operation().agreed();
            if (!other.equals(operation.agreed())) {
                refuse(
                        "rank " + r + " calls " + other + "; rank " + rank() + " calls " + operation.agreed()
                                + ": all ranks must make the same call",
                        watch);
            }
        }
    }

    /** Parts that are sent and taken by different ranks must be of one size; every rank looks at all of them, to stay in step. */
    private void compareParts(Schedule schedule, Shown[] all, Watch watch) {
        if (Arrays.stream(all).noneMatch(s -> s.operation().hasCounts())) {
            return;
        }
        for (int r = 0; r < size(); r++) {
            for (Step step : schedule.steps(0, r)) {
                long taken = parts(all[r].memory(), step.to()).count()[step.part()];
                for (Place source : step.sources()) {
                    long sent =
                            parts(all[source.rank()].memory(), source.buffer()).count()[source.part()];
                    if (sent != taken) {
                        refuse(
                                "rank " + source.rank() + " sends " + sent + " elements to rank " + r + ", which takes "
                                        + taken + ": counts must fit together",
                                watch);
                    }
                }
            }
        }
    }

    private void refuse(String difference, Watch watch) {
        meet(group.shown(rank(), arrivals), watch); // nobody shows something else before all have seen this
        throw new Refusal(difference);
    }

    private void carryOut(CollectiveDesc desc, Step step, Shown[] all) {
        Memory own = all[rank()].memory();
        Parts parts = own.toParts();
        long first = parts.first()[step.part()];
        long n = parts.count()[step.part()];
        MemorySegment to = step.to() == Buffer.TO ? own.to() : own.spare();
        Combiner.Sources sources = sources(step, all);
        boolean copies = sources.memory().length == 1
                && (desc.type() == desc.result() || step.sources().getFirst().buffer() != Buffer.FROM);
        if (copies) {
            long bytes = desc.result().bytes(n);
            MemorySegment.copy(sources.memory()[0], sources.first()[0], to, first, bytes);
        } else {
            combiner.combine(desc, sources, to, first, n);
        }
    }

    private static Parts parts(Memory memory, Buffer buffer) {
        return buffer == Buffer.FROM ? memory.fromParts() : memory.toParts();
    }

    /** Where a step's sources lie: of a rank's from, all its contributions. */
    private static Combiner.Sources sources(Step step, Shown[] all) {
        int count = 0;
        for (Place source : step.sources()) {
            count +=
                    source.buffer() == Buffer.FROM ? all[source.rank()].memory().from().length : 1;
        }
        MemorySegment[] memory = new MemorySegment[count];
        long[] first = new long[count];
        int at = 0;
        for (Place source : step.sources()) {
            Memory other = all[source.rank()].memory();
            long begins = parts(other, source.buffer()).first()[source.part()];
            switch (source.buffer()) {
                case FROM -> {
                    for (MemorySegment contribution : other.from()) {
                        memory[at] = contribution;
                        first[at++] = begins;
                    }
                }
                case TO -> {
                    memory[at] = other.to();
                    first[at++] = begins;
                }
                case SPARE -> {
                    memory[at] = other.spare();
                    first[at++] = begins;
                }
            }
        }
        return new Combiner.Sources(memory, first);
    }

    /** Values and their indices, all of them in one step from copies of both. */
    private void indexed(Operation operation, Watch watch) {
        CollectiveDesc desc = operation.desc();
        long n = desc.count();
        MemorySegment values = operation.isInPlace()
                ? moved.copy(operation.from()[0])
                : operation.from()[0];
        MemorySegment indices = movedIndices.copy(operation.indices().orElseThrow());
        Memory mine = new Memory(new MemorySegment[] {values, indices}, null, null, null, null);
        meet(new Shown(operation, mine), watch);
        compare(operation, watch);
        if (operation.writes()) {
            Combiner.Sources ofValues = new Combiner.Sources(new MemorySegment[size()], new long[size()]);
            Combiner.Sources ofIndices = new Combiner.Sources(new MemorySegment[size()], new long[size()]);
            for (int r = 0; r < size(); r++) {
                MemorySegment[] both = group.shown(r, arrivals).memory().from();
                ofValues.memory()[r] = both[0];
                ofIndices.memory()[r] = both[1];
            }
            combiner.select(
                    desc,
                    ofValues,
                    ofIndices,
                    operation.to(),
                    operation.indices().orElseThrow(),
                    n);
        }
        meet(group.shown(rank(), arrivals), watch);
    }

    @Override
    Request startMessage(boolean sends, Tensor x, int peer, int tag, Watch watch) {
        group.requireWhole(watch);
        Mailbox.Post post =
                new Mailbox.Post(sends, sends ? rank() : peer, tag, Operation.contents(x), Operation.memory(x));
        return new InProcessMessage(group, rank(), peer, watch, group.mailbox(sends ? peer : rank()), post);
    }

    @Override
    Communicator divide(int colour, int key, Watch watch) {
        group.want(rank(), colour, key);
        Shown nothing = new Shown(new Operation(CollectiveCall.barrier(), rank(), size()), null);
        meet(nothing, watch);
        InProcessGroup mine = colour < 0 ? null : group.group(rank());
        int number = group.together(rank()).indexOf(rank());
        meet(nothing, watch); // nobody wants something else before all have looked
        return mine == null ? null : new InProcessCommunicator(mine, number);
    }

    @Override
    Communicator survivors(Watch watch) {
        Member member = group.member(rank());
        boolean before = member.goesOn();
        member.goesOn(true); // while it waits for others to come or to end, too
        InProcessGroup left = null;
        try {
            left = group.shrink(rank(), watch);
        } finally {
            member.goesOn(before || left != null);
        }
        return new InProcessCommunicator(left, group.survivor(rank()));
    }

    @Override
    void release() {
        spare.release();
        moved.release();
        movedIndices.release();
    }
}
