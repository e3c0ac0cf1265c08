package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.Ending;
import dev.gamut.device.Event;
import dev.gamut.device.Stream;
import dev.gamut.error.GamutException;
import dev.gamut.spi.Transport;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A rank on a device: collectives that NCCL or RCCL has go between devices, where operands lie, those of the host by way of memory there; all
 * else, messages and who is missing among it, is the other transport's beneath.
 */
final class GpuTransport implements Transport {
    /** Of messages between ranks beside a communicator's: the last one there is. */
    private static final int TAG = (1 << 15) - 1;

    private static final long LEAST_ROOM = 256;

    private static final Set<Collective> OFFERED =
            EnumSet.complementOf(EnumSet.of(Collective.SCAN, Collective.BARRIER));

    /** What both libraries document as allowed in place: with from and to where a rank's part of the whole is. */
    private static final Set<Collective> IN_PLACE = EnumSet.of(
            Collective.ALL_REDUCE,
            Collective.REDUCE,
            Collective.BROADCAST,
            Collective.ALL_GATHER,
            Collective.REDUCE_SCATTER);

    /** Memory of the device that grows with what is asked of it. */
    private final class Room {
        private long memory;
        private long bytes;

        long of(long needed) {
            if (needed > bytes || bytes == 0) {
                long larger = driver.allocate(Math.max(needed, LEAST_ROOM));
                long old = memory;
                boolean had = bytes > 0;
                memory = larger;
                bytes = Math.max(needed, LEAST_ROOM);
                if (had) {
                    driver.free(old);
                }
            }
            return memory;
        }

        void free() {
            if (bytes > 0) {
                bytes = 0;
                driver.free(memory);
            }
        }
    }

    private final Transport beneath;
    private final GpuPlace place;
    private final Functions library;
    private final GpuDriver driver;
    private final GpuGroup group;
    private final long queue;
    private final Room given = new Room();
    private final Room taken = new Room();

    /** Tensors of calls under way, and of those that were given up: these may be used until the group has ended. */
    private final List<DeviceBuffer> held = new ArrayList<>();

    private boolean abandoned;
    private boolean closed;

    private GpuTransport(Transport beneath, GpuPlace place, Functions library, GpuDriver driver, GpuGroup group) {
        this.beneath = beneath;
        this.place = place;
        this.library = library;
        this.driver = driver;
        this.group = group;
        this.queue = driver.createQueue();
    }

    /**
     * Joins all ranks of another transport.
     *
     * @param beneath closed with this one, and where this fails
     * @param place the device
     * @param library for collectives
     */
    static GpuTransport over(Transport beneath, GpuPlace place, Functions library) {
        return made(beneath, place, library, driver -> named(driver, beneath, library));
    }

    private static GpuTransport made(
            Transport beneath, GpuPlace place, Functions library, Function<GpuDriver, GpuGroup> joining) {
        List<Runnable> endings = new ArrayList<>(List.of(beneath::close));
        try {
            GpuDriver driver = new GpuDriver(place);
            endings.addFirst(driver::close);
            GpuGroup group = joining.apply(driver);
            endings.addFirst(() -> group.end(true));
            return new GpuTransport(beneath, place, library, driver, group);
        } catch (RuntimeException e) {
            Ending ending = new Ending().then(() -> {
                throw e;
            });
            endings.forEach(ending::then);
            ending.end();
            throw e;
        }
    }

    /** Rank 0 asks the library for a name and tells it the others; where there is none, its message is empty. */
    private static GpuGroup named(GpuDriver driver, Transport beneath, Functions library) {
        Arena arena = Arena.ofShared(); // stays open where a message did not come: the transport may still use it
        MemorySegment name = arena.allocate(Ranks.ID);
        List<Transfer> messages = new ArrayList<>();
        GamutException failure = null;
        if (beneath.rank() == 0) {
            try {
                library.call(Call.GROUP_ID, name);
            } catch (GamutException e) {
                failure = e;
            }
            MemorySegment told = failure == null ? name : name.asSlice(0, 0);
            IntStream.range(1, beneath.size()).forEach(r -> messages.add(beneath.send(told, r, TAG)));
        } else {
            messages.add(beneath.receive(name, 0, TAG));
        }
        await(beneath, "the name of a group", messages);
        if (beneath.rank() != 0 && messages.getFirst().bytes() != name.byteSize()) {
            failure = new GamutException("rank 0 has no name for a group of ranks on devices");
        }
        GpuGroup group = failure == null ? GpuGroup.join(driver, library, beneath, name) : null;
        arena.close();
        if (failure != null) {
            throw failure;
        }
        return group;
    }

    private static void await(Transport beneath, String what, List<Transfer> messages) {
        Transfers all = new Transfers(messages);
        try {
            GpuGroup.await(beneath, what, all::test);
        } catch (GamutException e) {
            all.cancel();
            throw e;
        }
    }

    @Override
    public int rank() {
        return beneath.rank();
    }

    @Override
    public int size() {
        return beneath.size();
    }

    @Override
    public String engine() {
        return library.ranksTitle() + " and " + beneath.engine();
    }

    @Override
    public List<String> hosts() {
        return beneath.hosts();
    }

    @Override
    public Transfer send(MemorySegment bytes, int peer, int tag) {
        return beneath.send(bytes, peer, tag);
    }

    @Override
    public Transfer receive(MemorySegment bytes, int peer, int tag) {
        return beneath.receive(bytes, peer, tag);
    }

    @Override
    public boolean has(CollectiveDesc what) {
        return OFFERED.contains(what.op()) && Transport.isConventional(what) && what.count() > 0;
    }

    @Override
    public Transfer collective(CollectiveDesc what, MemorySegment from, MemorySegment to) {
        boolean broadcasts = what.op() == Collective.BROADCAST;
        boolean reads = !broadcasts || rank() == what.root();
        MemorySegment result = !broadcasts ? to : reads ? MemorySegment.NULL : from;
        long in = given.of(from.byteSize());
        long out = broadcasts ? in : taken.of(to.byteSize());
        if (reads && from.byteSize() > 0) {
            driver.write(queue, from, in, 0, true);
        }
        Call call = begin(what, in, out);
        return new GpuTransfer(group, call, driver, queue, out, result, () -> {});
    }

    @Override
    public Optional<String> device() {
        return Optional.of(place.info().name());
    }

    @Override
    public Transfer collective(CollectiveDesc what, Tensor from, Tensor to) {
        List<DeviceBuffer> used = List.of((DeviceBuffer) from.remote(), (DeviceBuffer) to.remote());
        try {
            used.forEach(this::hold);
            follow(used.getFirst().device().stream());
            long in = used.getFirst().handle() + from.dtype().bytes(from.offset());
            long out = used.getLast().handle() + to.dtype().bytes(to.offset());
            Call call = begin(what, IN_PLACE.contains(what.op()) ? in : apart(from, in, to, out), out);
            return new GpuTransfer(
                    group, call, driver, queue, out, MemorySegment.NULL, () -> used.forEach(this::release));
        } catch (RuntimeException e) {
            used.forEach(this::release);
            throw e;
        }
    }

    /** What comes next begins behind what a stream was given. */
    private void follow(Stream stream) {
        try (Event before = stream.record()) {
            driver.waitFor(queue, before.handle());
        }
    }

    /** Where what is sent lies, if it is not to lie where something is received: there, or in a copy. */
    private long apart(Tensor from, long in, Tensor to, long out) {
        long bytes = from.dtype().bytes(from.layout().extent());
        boolean meet = in < out + to.dtype().bytes(to.layout().extent()) && out < in + bytes;
        if (!meet || bytes == 0) {
            return in;
        }
        long copy = given.of(bytes);
        driver.copy(queue, in, 0, copy, 0, bytes);
        return copy;
    }

    private void hold(DeviceBuffer memory) {
        memory.hold();
        held.add(memory);
    }

    private void release(DeviceBuffer memory) {
        if (held.remove(memory)) {
            memory.release();
        }
    }

    private Call begin(CollectiveDesc what, long in, long out) {
        int root = what.root();
        long part = what.type().bytes(what.count() / size());
        return switch (what.op()) {
            case ALL_REDUCE -> combine(Call.ALL_REDUCE, what, in, out, what.count());
            case REDUCE_SCATTER -> combine(Call.REDUCE_SCATTER, what, in, out, what.count() / size());
            case REDUCE -> combine(Call.REDUCE, what, in, out, what.count(), root);
            case BROADCAST -> begin(Call.BROADCAST, in, out, what.type().bytes(what.count()), Ranks.BYTES, root);
            case ALL_GATHER -> begin(Call.ALL_GATHER, in, out, part, Ranks.BYTES);
            case ALL_TO_ALL -> move(in, part, r -> true, out, part, r -> true);
            case GATHER -> move(in, 0, r -> r == root, out, part, r -> rank() == root, part);
            case SCATTER -> move(in, part, r -> rank() == root, out, 0, r -> r == root, part);
            default -> throw new IllegalArgumentException(what + " is none that the library has");
        };
    }

    private Call combine(Call call, CollectiveDesc what, long in, long out, long count, Integer... root) {
        List<Object> arguments =
                new ArrayList<>(List.of(in, out, count, Ranks.number(what.type()), Ranks.number(what.combine())));
        arguments.addAll(Arrays.asList(root));
        return begin(call, arguments.toArray());
    }

    private Call begin(Call call, Object... arguments) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = group.handle();
        all[arguments.length + 1] = queue;
        group.begin(call, all);
        return call;
    }

    private Call move(long in, long step, IntPredicate sends, long out, long place, IntPredicate receives) {
        return move(in, step, sends, out, place, receives, step);
    }

    /**
     * Begins messages between this rank and others.
     *
     * @param in what is sent, to each rank that is to get it from {@code inStep} bytes further on
     * @param out where what comes goes, in the same manner
     * @param bytes of each message
     */
    private Call move(
            long in, long inStep, IntPredicate sends, long out, long outStep, IntPredicate receives, long bytes) {
        group.beginTogether(() -> {
            for (int r = 0; r < size(); r++) {
                if (sends.test(r)) {
                    begin(Call.SEND, in + r * inStep, bytes, Ranks.BYTES, r);
                }
                if (receives.test(r)) {
                    begin(Call.RECEIVE, out + r * outStep, bytes, Ranks.BYTES, r);
                }
            }
        });
        return Call.GROUP_END;
    }

    @Override
    public Transport split(int colour, int key) {
        Transport part = beneath.split(colour, key);
        return part == null ? null : over(part, place, library);
    }

    @Override
    public Map<Integer, String> missing() {
        return beneath.missing();
    }

    /** By the library's own call where it exports one and somebody is missing, else as a group of a new name. */
    @Override
    public Optional<Transport> shrink() {
        return beneath.shrink().map(rest -> {
            int[] without = notAmong(rest);
            boolean derived = library.has(Call.SHRINK) && without.length > 0 && !group.isEnded();
            return made(
                    rest,
                    place,
                    library,
                    fresh -> derived ? group.shrink(fresh, rest, without) : named(fresh, rest, library));
        });
    }

    /** Ranks of this group that are not in another one, whose ranks tell each other which they are. */
    private int[] notAmong(Transport rest) {
        Arena arena = Arena.ofShared();
        MemorySegment own = arena.allocateFrom(JAVA_INT, rank());
        MemorySegment all = arena.allocate(JAVA_INT, rest.size());
        List<Transfer> messages = new ArrayList<>();
        for (int r = 0; r < rest.size(); r++) {
            messages.add(rest.receive(all.asSlice((long) r * Integer.BYTES, Integer.BYTES), r, TAG));
            messages.add(rest.send(own, r, TAG));
        }
        await(rest, "who is left", messages);
        int[] left = all.toArray(JAVA_INT);
        arena.close();
        return IntStream.range(0, size())
                .filter(r -> Arrays.stream(left).noneMatch(other -> other == r))
                .toArray();
    }

    @Override
    public void atEnd(Runnable what) {
        beneath.atEnd(what);
    }

    /** What is under way ends at once, unless the library can do that in {@link #shrink}: then there or when this is closed. */
    @Override
    public void abandon() {
        abandoned = true;
        Ending ending = new Ending();
        if (!library.has(Call.SHRINK)) {
            ending.then(() -> group.end(true));
        }
        ending.then(beneath::abandon).end();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Ending ending = new Ending().then(() -> group.end(abandoned)).then(() -> driver.freeQueue(queue));
        List.copyOf(held).forEach(memory -> ending.then(() -> release(memory)));
        ending.then(given::free)
                .then(taken::free)
                .then(driver::close)
                .then(beneath::close)
                .end();
    }
}
