package dev.gamut.internal.collective;

import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.RankFailureException;
import dev.gamut.internal.collective.Exchange.Arrival;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Transport.Transfer;
import dev.gamut.spi.Transport.Transfers;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A rank of several processes, over a transport: by the library's own collective where it has the one that is asked for and no algorithm
 * is wished for, else by a schedule. Tensors on the heap are copied through native memory.
 *
 * <p>With the property {@code gamut.collective.debug} or the environment variable {@code GAMUT_COLLECTIVE_DEBUG} set to {@code true}, on
 * all ranks, these compare their calls before each one.
 */
public final class TransportCommunicator extends RankCommunicator {
    /**
     * Measured with Open MPI 4.1.4 and two ranks on one machine: a message takes 1 µs and 0.3 ns a byte. There are no chunks, since
     * phases do not overlap.
     */
    private static final Choice.Costs COSTS = new Choice.Costs(1e-6, 0.3e-9, 0.05e-9, Long.MAX_VALUE / 4096);

    /** Open MPI 4.1.4 and MPICH 4.0.2 between two network namespaces by TCP: 9 µs and 1.1 to 1.3 ns a byte. */
    private static final Choice.Costs COSTS_BETWEEN_HOSTS =
            new Choice.Costs(9e-6, 1.2e-9, 0.05e-9, Long.MAX_VALUE / 4096);

    /** Beside the tags of users. */
    private static final int TAG = MOST_TAG + 1;

    /** What a wait is worth of a processor's time; longer where many bytes move. */
    static final long BUSY_NANOS = 20_000_000;

    /** So slow are networks hardly. */
    private static final double BUSY_NANOS_PER_BYTE = 10;

    private static final long PAUSE_NANOS = 1_000_000;

    private static final String DEBUG = "gamut.collective.debug";
    private static final String DEBUG_VARIABLE = "GAMUT_COLLECTIVE_DEBUG";
    private static final int DESCRIPTION = 512;

    private final Transport transport;
    private final Vigil vigil;
    private final Combiner combiner = new Combiner();
    private final Staging staging = new Staging();
    private final ConcurrentLinkedDeque<Workspace> messageMemory = new ConcurrentLinkedDeque<>();
    private final Set<TransportMessage> messages = ConcurrentHashMap.newKeySet();
    private final boolean compares =
            Boolean.parseBoolean(System.getProperty(DEBUG, System.getenv().getOrDefault(DEBUG_VARIABLE, "false")));

    /** The last call's, for which it is known whether it is the library's. */
    private Operation decided;

    private boolean librarys;
    private boolean released;

    private TransportCommunicator(Transport transport) {
        super(
                transport.rank(),
                transport.size(),
                transport.hosts().stream().distinct().count() > 1 ? COSTS_BETWEEN_HOSTS : COSTS);
        this.transport = transport;
        this.vigil = new Vigil(transport);
    }

    /**
     * A communicator of the ranks of a transport.
     *
     * @param transport closed with it
     */
    public static Communicator over(Transport transport) {
        return new TransportCommunicator(transport);
    }

    @Override
    public String engine() {
        return transport.engine();
    }

    @Override
    public List<Level> levels() {
        List<String> hosts = transport.hosts().stream().distinct().toList();
        return List.of(
                new Level("all", Collections.nCopies(size(), 0)),
                new Level("host", transport.hosts().stream().map(hosts::indexOf).toList()));
    }

    @Override
    void execute(Operation operation, Watch watch) {
        vigil.requireWhole(watch);
        synchronized (staging) {
            if (released) { // the thread of non-blocking calls had taken one when the communicator was closed
                throw watch.cancellation();
            }
            guarded(operation, watch);
        }
    }

    private void guarded(Operation operation, Watch watch) {
        try {
            if (compares || operation.desc().count() == CollectiveDesc.VARIES) {
                compare(operation, watch);
            }
            if (operation != decided) {
                librarys = isLibrarys(operation);
                decided = operation;
            }
            if (librarys) {
                byLibrary(operation, watch);
            } else if (operation.desc().op() == Collective.BARRIER) {
                meet(watch);
            } else {
                bySchedule(operation, watch);
            }
        } catch (NativeCallException e) {
            if (vigil.isBroken()) {
                throw e;
            }
            staging.abandon(); // what the call had started is not known
            vigil.fail(watch, Vigil.ALL, e);
        } catch (IllegalArgumentException | CancellationException | RankFailureException e) {
            throw e; // all ranks know
        } catch (Throwable e) {
            staging.abandon();
            giveUp(e, watch);
            throw e;
        }
    }

    @Override
    void giveUp(Throwable why, Watch watch) {
        vigil.giveUp(watch, "threw " + why);
    }

    /** Waits for a transfer; where that fails, lets go of it and of the memory it may still use. */
    private void await(Transfer transfer, long bytes, Watch watch) {
        boolean whole = false;
        try {
            await(transfer::test, bytes, watch);
            whole = true;
        } catch (NativeCallException e) {
            vigil.fail(watch, Vigil.ALL, e);
        } finally {
            if (!whole) {
                staging.abandon();
                transfer.cancel();
            }
        }
    }

    private void await(BooleanSupplier ended, long bytes, Watch watch) {
        long since = System.nanoTime();
        long busy = BUSY_NANOS + (long) (bytes * BUSY_NANOS_PER_BYTE);
        for (int turn = 0; !ended.getAsBoolean(); turn++) {
            if (watch.isCancelled()) {
                vigil.giveUp(watch, watch.cancellation().getMessage());
                throw watch.cancellation();
            }
            vigil.rest(turn, since, busy, watch, Vigil.ALL);
        }
    }

    /** Whether all ranks may leave the call to the library: they decide by the same facts. */
    private boolean isLibrarys(Operation operation) {
        CollectiveCall call = operation.call();
        return transport.has(operation.desc())
                && call.indices().isEmpty()
                && call.fromCounts().or(call::toCounts).stream().allMatch(TransportCommunicator::areEqual)
                && isFree(operation.desc());
    }

    @Override
    Optional<String> library(Operation operation) {
        return isLibrarys(operation)
                ? Optional.of(engine() + ": has this collective of its own"
                        + (isInPlace(operation) ? ", in the memory of " + place().orElseThrow() : ""))
                : Optional.empty();
    }

    @Override
    Optional<String> place() {
        return transport.device();
    }

    @Override
    boolean isInPlace(Operation operation) {
        return operation.device().isPresent() && place().isPresent() && isLibrarys(operation);
    }

    private static boolean areEqual(long[] counts) {
        return LongStream.of(counts).distinct().count() == 1;
    }

    private void byLibrary(Operation operation, Watch watch) {
        if (operation.device().isPresent()) {
            Tensor from = operation.call().from().getFirst();
            Tensor to = operation.call().to();
            long bytes = Stream.of(from, to)
                    .mapToLong(t -> t.dtype().bytes(t.layout().size()))
                    .sum();
            await(transport.collective(operation.desc(), from, to), bytes, watch);
            return;
        }
        boolean broadcasts = operation.desc().op() == Collective.BROADCAST;
        boolean reads = operation.reads();
        boolean writes = operation.writes();
        MemorySegment given = reads || broadcasts ? operation.from()[0] : MemorySegment.NULL;
        MemorySegment taken = writes && !broadcasts ? operation.to() : MemorySegment.NULL;
        boolean copiesFrom = !given.isNative() || operation.isInPlace() && !broadcasts;
        boolean copiesTo = !taken.isNative();
        staging.begin(Staging.room(copiesFrom ? given.byteSize() : 0) + Staging.room(copiesTo ? taken.byteSize() : 0));
        MemorySegment from = copiesFrom ? staging.piece(given.byteSize()) : given;
        MemorySegment to = copiesTo ? staging.piece(taken.byteSize()) : taken;
        if (copiesFrom && reads) {
            from.copyFrom(given);
        }
        Transfer transfer = transport.collective(operation.desc(), from, to);
        await(transfer, given.byteSize() + taken.byteSize(), watch);
        if (copiesFrom && broadcasts && writes) {
            given.copyFrom(from);
        }
        if (copiesTo) {
            taken.copyFrom(to);
        }
    }

    private void bySchedule(Operation operation, Watch watch) {
        Schedule schedule = choose(operation);
        Exchange exchange = new Exchange(operation, schedule, rank(), size(), combiner);
        Optional<MemorySegment> indices = operation.indices();
        boolean moved = operation.isInPlace() && !schedule.inPlace();
        boolean reads = operation.reads();
        long fromRoom = reads ? room(operation.from(), moved) : 0;
        MemorySegment taken = operation.to();
        long indexRoom = indices.map(MemorySegment::byteSize).orElse(0L);
        long spareBytes = schedule.usesSpare() ? taken.byteSize() : 0;
        long spareIndices = schedule.usesSpare() ? indexRoom : 0;
        staging.begin(fromRoom
                + (taken.isNative() ? 0 : Staging.room(taken.byteSize()))
                + Staging.room(spareBytes)
                + 2 * Staging.room(indexRoom)
                + Staging.room(spareIndices)
                + Staging.room(exchange.room()));
        MemorySegment[] from = reads ? staged(operation.from(), moved) : new MemorySegment[0];
        MemorySegment to = taken.isNative() ? taken : staging.piece(taken.byteSize());
        Exchange.Memory memory = indices.isEmpty()
                ? new Exchange.Memory(from, new MemorySegment[] {to}, new MemorySegment[] {staging.piece(spareBytes)})
                : new Exchange.Memory(
                        new MemorySegment[] {from[0], copy(indices.get())},
                        new MemorySegment[] {to, staging.piece(indexRoom)},
                        new MemorySegment[] {staging.piece(spareBytes), staging.piece(spareIndices)});
        exchange.run(memory, staging, new Line(watch));
        if (operation.writes()) {
            if (!taken.isNative()) {
                taken.copyFrom(to);
            }
            indices.ifPresent(result -> result.copyFrom(memory.to()[1]));
        }
    }

    private static long room(MemorySegment[] given, boolean moved) {
        return Arrays.stream(given)
                .filter(each -> moved || !each.isNative())
                .mapToLong(each -> Staging.room(each.byteSize()))
                .sum();
    }

    private MemorySegment[] staged(MemorySegment[] given, boolean moved) {
        return Arrays.stream(given)
                .map(each -> moved || !each.isNative() ? copy(each) : each)
                .toArray(MemorySegment[]::new);
    }

    private MemorySegment copy(MemorySegment of) {
        return staging.piece(of.byteSize()).copyFrom(of);
    }

    /** Parts between this rank and others. */
    private final class Line implements Exchange.Wire {
        private final Watch watch;

        Line(Watch watch) {
            this.watch = watch;
        }

        @Override
        public Transfer send(MemorySegment bytes, int peer) {
            return transport.send(bytes, peer, TAG);
        }

        @Override
        public Transfer receive(MemorySegment bytes, int peer) {
            return transport.receive(bytes, peer, TAG);
        }

        @Override
        public void await(List<Arrival> transfers) {
            long bytes = transfers.stream().mapToLong(Arrival::expected).sum();
            TransportCommunicator.this.await(
                    new Transfers(transfers.stream().map(Arrival::transfer).toList()), bytes, watch);
            for (Arrival each : transfers) {
                long came = each.transfer().bytes();
                if (each.expected() >= 0 && came != each.expected()) {
                    String difference = "rank " + each.peer() + " sends "
                            + (came == Transfer.TOO_LONG ? "more than " + each.expected() : came)
                            + " bytes to rank " + rank() + ", which takes " + each.expected() + " in "
                            + watch.operation() + ": all ranks must make the same call";
                    vigil.giveUp(watch, difference);
                    throw new IllegalArgumentException(difference);
                }
            }
        }
    }

    /** Each rank hears from those 1, 2, 4, ... before it; after the last it has heard of all (dissemination). */
    private void meet(Watch watch) {
        for (int reach = 1; reach < size(); reach *= 2) {
            Transfer sent = transport.send(MemorySegment.NULL, (rank() + reach) % size(), TAG);
            Transfer came = transport.receive(MemorySegment.NULL, Math.floorMod(rank() - reach, size()), TAG);
            await(new Transfers(List.of(sent, came)), 0, watch);
        }
    }

    /**
     * Shows all other ranks this one's counts, and where that is wished for its call. All see the same and throw the same, so that they
     * stay in step.
     */
    private void compare(Operation operation, Watch watch) {
        long bytes = DESCRIPTION + 2L * size() * Long.BYTES;
        staging.begin(Staging.room(bytes * size()));
        MemorySegment all = staging.piece(bytes * size());
        List<MemorySegment> shown = new ArrayList<>();
        for (int r = 0; r < size(); r++) {
            shown.add(all.asSlice(r * bytes, bytes));
        }
        show(operation, shown.get(rank()));
        List<Transfer> transfers = new ArrayList<>();
        for (int s = 1; s < size(); s++) {
            int to = (rank() + s) % size();
            int from = Math.floorMod(rank() - s, size());
            transfers.add(transport.receive(shown.get(from), from, TAG));
            transfers.add(transport.send(shown.get(rank()), to, TAG));
        }
        await(new Transfers(transfers), bytes * size(), watch);
        compareCalls(shown);
        if (operation.desc().count() == CollectiveDesc.VARIES) {
            compareCounts(shown);
        }
    }

    private void show(Operation operation, MemorySegment place) {
        CollectiveCall call = operation.call();
        String counts = operation.desc().op() == Collective.ALL_TO_ALL
                ? ""
                : call.fromCounts()
                        .or(call::toCounts)
                        .map(c -> " counts " + Arrays.toString(c))
                        .orElse("");
        String text = compares ? operation.agreed() + counts : "";
        place.setString(0, text.length() < DESCRIPTION ? text : text.substring(0, DESCRIPTION - 1));
        long[] sent = call.fromCounts().orElse(new long[0]);
        long[] taken = call.toCounts().orElse(new long[0]);
        MemorySegment numbers = place.asSlice(DESCRIPTION);
        MemorySegment.copy(sent, 0, numbers, ValueLayout.JAVA_LONG, 0, sent.length);
        MemorySegment.copy(taken, 0, numbers, ValueLayout.JAVA_LONG, (long) size() * Long.BYTES, taken.length);
    }

    private void compareCalls(List<MemorySegment> shown) {
        String first = shown.getFirst().getString(0);
        for (int r = 1; r < size(); r++) {
            String other = shown.get(r).getString(0);
            if (!other.equals(first)) {
                throw new IllegalArgumentException("rank " + r + " calls " + other + "; rank 0 calls " + first
                        + ": all ranks must make the same call");
            }
        }
    }

    private void compareCounts(List<MemorySegment> shown) {
        for (int r = 0; r < size(); r++) {
            for (int s = 0; s < size(); s++) {
                long sent = count(shown.get(s), r);
                long taken = count(shown.get(r), size() + s);
                if (sent != taken) {
                    throw new IllegalArgumentException("rank " + s + " sends " + sent + " elements to rank " + r
                            + ", which takes " + taken + ": counts must fit together");
                }
            }
        }
    }

    private static long count(MemorySegment shown, int index) {
        return shown.get(ValueLayout.JAVA_LONG_UNALIGNED, DESCRIPTION + (long) index * Long.BYTES);
    }

    @Override
    Request startMessage(boolean sends, Tensor x, int peer, int tag, Watch watch) {
        vigil.requireWhole(watch);
        MemorySegment data = Operation.memory(x);
        boolean staged = !data.isNative();
        Workspace memory = Optional.ofNullable(messageMemory.poll()).orElseGet(Workspace::new);
        MemorySegment place = memory.memory(TransportMessage.HEAD + (staged ? data.byteSize() : 0));
        MemorySegment head = place.asSlice(0, TransportMessage.HEAD);
        MemorySegment body = staged ? place.asSlice(TransportMessage.HEAD, data.byteSize()) : data;
        String what = Operation.contents(x);
        messages.removeIf(TransportMessage::isOver);
        TransportMessage message = sends
                ? send(what, head, staged ? body.copyFrom(data) : body, peer, tag, watch, memory)
                : receive(what, head, body, data, peer, tag, watch, memory);
        messages.add(message);
        return message;
    }

    private TransportMessage send(
            String what, MemorySegment head, MemorySegment body, int peer, int tag, Watch watch, Workspace memory) {
        head.setString(0, what);
        return new TransportMessage(
                vigil,
                watch,
                peer,
                transport.send(head, peer, tag),
                transport.send(body, peer, tag),
                _ -> messageMemory.push(memory));
    }

    private TransportMessage receive(
            String what,
            MemorySegment head,
            MemorySegment body,
            MemorySegment data,
            int peer,
            int tag,
            Watch watch,
            Workspace memory) {
        Transfer first = transport.receive(head, peer, tag);
        return new TransportMessage(vigil, watch, peer, first, transport.receive(body, peer, tag), arrived -> {
            String came = arrived ? head.getString(0) : what;
            if (arrived && body != data && came.equals(what)) {
                data.copyFrom(body);
            }
            messageMemory.push(memory);
            if (!came.equals(what)) {
                throw new IllegalArgumentException("rank " + peer + " sends " + came + "; rank " + rank() + " receives "
                        + what + ": type and number of elements must be the same");
            }
        });
    }

    @Override
    Communicator divide(int colour, int key, Watch watch) {
        vigil.requireWhole(watch);
        synchronized (staging) {
            meet(watch); // all are there, so that the library's call, which cannot be given up, does not wait long
            CompletableFuture<Transport> made = elsewhere(() -> transport.split(colour, key));
            await(made::isDone, 0, watch);
            Transport part = joined(made);
            return part == null ? null : new TransportCommunicator(part);
        }
    }

    @Override
    Communicator survivors(Watch watch) {
        CompletableFuture<Optional<Transport>> made = elsewhere(transport::shrink);
        while (!made.isDone()) {
            if (watch.isOver()) {
                vigil.requireWhole(watch);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return new TransportCommunicator(joined(made)
                .orElseThrow(() -> new UnsupportedOperationException(
                        engine() + " cannot make a group of the ranks that are left")));
    }

    /** A call of the library that ends when it likes, on a thread that need not be waited for. */
    private static <T> CompletableFuture<T> elsewhere(Supplier<T> call) {
        CompletableFuture<T> made = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("gamut-group").start(() -> {
            try {
                made.complete(call.get());
            } catch (Throwable e) { // handed to whoever waits, whatever it is
                made.completeExceptionally(e);
            }
        });
        return made;
    }

    private static <T> T joined(CompletableFuture<T> made) {
        try {
            return made.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    void release() {
        synchronized (staging) { // a call that was cancelled has ended then
            released = true;
            messages.forEach(TransportMessage::close);
            vigil.close();
            staging.close();
            messageMemory.forEach(Workspace::close);
            transport.close();
        }
    }
}
