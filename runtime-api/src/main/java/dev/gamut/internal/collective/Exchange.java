package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.dtype.DType;
import dev.gamut.internal.collective.Schedule.Buffer;
import dev.gamut.internal.collective.Schedule.Place;
import dev.gamut.internal.collective.Schedule.Step;
import dev.gamut.spi.Transport.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A rank's side of a schedule where ranks share no memory. In each phase it sends what steps of other ranks read of its buffers, receives
 * what its own steps read of theirs, and then carries out its steps, combining in the order of their sources whatever came first. What is
 * only copied is received where it goes.
 */
final class Exchange {
    /** Sends and receives parts of a phase. */
    interface Wire {
        /** Starts to send. */
        Transfer send(MemorySegment bytes, int peer);

        /** Starts to receive. */
        Transfer receive(MemorySegment bytes, int peer);

        /** Waits for all of them. */
        void await(List<Arrival> transfers);
    }

    /**
     * A transfer under way.
     *
     * @param transfer it
     * @param peer the other rank
     * @param expected bytes that must come, -1 for what is sent
     */
    record Arrival(Transfer transfer, int peer, long expected) {}

    /**
     * Memory of this rank, all of it native.
     *
     * @param from each contribution, and behind them the indices where there are any
     * @param to the result, and its indices
     * @param spare as to, empty where the schedule uses none
     */
    record Memory(MemorySegment[] from, MemorySegment[] to, MemorySegment[] spare) {
        private MemorySegment[] of(Buffer buffer) {
            return switch (buffer) {
                case FROM -> from;
                case TO -> to;
                case SPARE -> spare;
            };
        }
    }

    private final Operation operation;
    private final Schedule schedule;
    private final CollectiveDesc desc;
    private final int rank;
    private final int size;
    private final boolean indexed;
    private final boolean sendsEmpty;
    private final Parts fromParts;
    private final Parts toParts;
    private final Parts indexParts;
    private final Combiner combiner;

    /**
     * For one call.
     *
     * @param operation what is done
     * @param schedule how
     * @param rank this one
     * @param size number of ranks
     * @param combiner of this rank
     */
    Exchange(Operation operation, Schedule schedule, int rank, int size, Combiner combiner) {
        this.operation = operation;
        this.schedule = schedule;
        this.desc = operation.desc();
        this.rank = rank;
        this.size = size;
        this.indexed = operation.indices().isPresent();
        this.sendsEmpty = operation.hasCounts(); // sides that differ about a size find out
        this.fromParts = operation.fromParts(schedule.parts());
        this.toParts = operation.toParts(schedule.parts());
        this.indexParts = indexed ? indexParts() : null;
        this.combiner = combiner;
    }

    /** Of the same elements as those of the values. */
    private Parts indexParts() {
        return schedule.parts() == 1
                ? Parts.whole(desc.count())
                : Parts.even(DType.I64, desc.type(), desc.count(), schedule.parts());
    }

    /** Bytes that are received beside the result in the phase that has most. */
    long room() {
        long most = 0;
        for (int phase = 0; phase < schedule.phases().size(); phase++) {
            long bytes = 0;
            for (Step step : schedule.steps(phase, rank)) {
                for (Place source : step.sources()) {
                    for (int i = 0; source.rank() != rank && !isCopied(step) && i < lanes(source); i++) {
                        bytes += Staging.room(bytes(source.buffer(), i, toParts.count()[step.part()]));
                    }
                }
            }
            most = Math.max(most, bytes);
        }
        return most;
    }

    /** Segments that a place has: contributions of its rank, or one result; and indices behind it. */
    private int lanes(Place place) {
        boolean many = place.buffer() == Buffer.FROM && desc.contributions() > 1;
        return many ? operation.share(place.rank()) : indexed ? 2 : 1;
    }

    private boolean isIndex(int lane) {
        return indexed && lane == 1;
    }

    private long bytes(Buffer buffer, int lane, long n) {
        return isIndex(lane) ? DType.I64.bytes(n) : type(buffer).bytes(n);
    }

    private DType type(Buffer buffer) {
        return buffer == Buffer.FROM ? desc.type() : desc.result();
    }

    private Parts parts(Buffer buffer, int lane) {
        return isIndex(lane) ? indexParts : buffer == Buffer.FROM ? fromParts : toParts;
    }

    private MemorySegment part(Memory memory, Buffer buffer, int part, int lane, long n) {
        return memory.of(buffer)[lane].asSlice(parts(buffer, lane).first()[part], bytes(buffer, lane, n));
    }

    /** Whether a step makes a copy of one part, without a conversion. */
    private boolean isCopied(Step step) {
        Place source = step.sources().getFirst();
        return step.sources().size() == 1
                && (source.buffer() != Buffer.FROM || desc.contributions() == 1 && desc.type() == desc.result());
    }

    /**
     * Carries it out.
     *
     * @param memory of this rank
     * @param staging where what is received can be put
     * @param wire to the others
     */
    void run(Memory memory, Staging staging, Wire wire) {
        MemorySegment received = staging.piece(room());
        for (int phase = 0; phase < schedule.phases().size(); phase++) {
            List<Arrival> transfers = new ArrayList<>();
            List<Step> steps = schedule.steps(phase, rank);
            List<List<MemorySegment>> sources = new ArrayList<>();
            long at = 0;
            for (Step step : steps) {
                List<MemorySegment> ofStep = new ArrayList<>();
                for (Place source : step.sources()) {
                    at = source(memory, step, source, received, at, ofStep, transfers, wire);
                }
                sources.add(ofStep);
            }
            for (int peer = 0; peer < size; peer++) {
                send(memory, phase, peer, transfers, wire);
            }
            wire.await(transfers);
            for (int i = 0; i < steps.size(); i++) {
                carryOut(memory, steps.get(i), sources.get(i));
            }
        }
    }

    /** Finds the segments of a source, those of other ranks being received; the next free byte. */
    private long source(
            Memory memory,
            Step step,
            Place source,
            MemorySegment received,
            long at,
            List<MemorySegment> found,
            List<Arrival> transfers,
            Wire wire) {
        long next = at;
        long n = toParts.count()[step.part()];
        for (int lane = 0; lane < lanes(source); lane++) {
            if (source.rank() == rank) {
                found.add(part(memory, source.buffer(), source.part(), lane, n));
                continue;
            }
            long bytes = bytes(source.buffer(), lane, n);
            MemorySegment place;
            if (isCopied(step)) {
                place = part(memory, step.to(), step.part(), lane, n);
            } else {
                place = received.asSlice(next, bytes);
                next += Staging.room(bytes);
            }
            found.add(place);
            if (bytes > 0 || sendsEmpty) {
                transfers.add(new Arrival(wire.receive(place, source.rank()), source.rank(), bytes));
            }
        }
        return next;
    }

    private void send(Memory memory, int phase, int peer, List<Arrival> transfers, Wire wire) {
        if (peer == rank) {
            return;
        }
        for (Step step : schedule.steps(phase, peer)) {
            for (Place source : step.sources()) {
                for (int lane = 0; source.rank() == rank && lane < lanes(source); lane++) {
                    long n = parts(source.buffer(), lane).count()[source.part()];
                    MemorySegment bytes = part(memory, source.buffer(), source.part(), lane, n);
                    if (bytes.byteSize() > 0 || sendsEmpty) {
                        transfers.add(new Arrival(wire.send(bytes, peer), peer, -1));
                    }
                }
            }
        }
    }

    private void carryOut(Memory memory, Step step, List<MemorySegment> sources) {
        long n = toParts.count()[step.part()];
        if (isCopied(step)) {
            for (int lane = 0; lane < sources.size(); lane++) {
                MemorySegment to = part(memory, step.to(), step.part(), lane, n);
                if (!to.equals(sources.get(lane))) {
                    to.copyFrom(sources.get(lane));
                }
            }
        } else if (indexed) {
            MemorySegment values = part(memory, step.to(), step.part(), 0, n);
            MemorySegment indices = part(memory, step.to(), step.part(), 1, n);
            combiner.select(desc, everySecond(sources, 0), everySecond(sources, 1), values, indices, n);
        } else {
            MemorySegment to = part(memory, step.to(), step.part(), 0, n);
            combiner.combine(desc, all(sources), to, 0, n);
        }
    }

    /** Values come in turn with their indices. */
    private static Combiner.Sources everySecond(List<MemorySegment> sources, int first) {
        return all(IntStream.range(0, sources.size() / 2)
                .mapToObj(i -> sources.get(2 * i + first))
                .toList());
    }

    private static Combiner.Sources all(List<MemorySegment> sources) {
        return new Combiner.Sources(sources.toArray(MemorySegment[]::new), new long[sources.size()]);
    }
}
