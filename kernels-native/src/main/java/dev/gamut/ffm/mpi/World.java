package dev.gamut.ffm.mpi;

import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * MPI in this process from MPI_Init_thread to MPI_Finalize, both called by a thread of its own, as the standard wants them to be called
 * by one. At the end of the process that thread finalises MPI, which waits for the other ranks to do so, unless a rank has failed: then
 * MPI_Finalize would wait for ever, and is not called. Where other code has initialised MPI, it also finalises it. Thread-safe.
 *
 * <p>Between hosts MPICH's MPI_Finalize may not return although all ranks have called it: 4.0.2 over UCX and TCP, four ranks, one run in
 * three. A rank that has closed its connections waits in a barrier of the launcher, where it does not answer one that is still closing
 * its own (github.com/pmodels/mpich/pull/6596). So MPICH's ranks meet before they call it, and from then on their patience has an end.
 */
final class World {
    /** How long MPI_Finalize may still take after all ranks have come to it, or a process of another rank has ended. */
    private static final long PATIENCE_MILLIS = 5_000;

    private static final long LOOK_MILLIS = 50;

    private static final long PAUSE_NANOS = 200_000;

    private final MpiLibrary mpi;
    private final RankProcess process;
    private final Map<MpiTransport, Runnable> ends = new ConcurrentHashMap<>();
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile boolean whole = true;
    private volatile boolean allEnd;
    private volatile MpiTransport all;

    private World(MpiLibrary mpi) {
        this.mpi = mpi;
        this.process = RankProcess.own(mpi.text("MPI_Get_processor_name", Abi.LONGEST_NAME), domain(mpi));
    }

    /** The lowest rank with which this one shares memory, as MPI_Comm_split_type has it. All ranks call. */
    private static int domain(MpiLibrary mpi) {
        long world = mpi.value(Handle.COMM_WORLD);
        mpi.call("MPI_Comm_set_errhandler", world, mpi.value(Handle.ERRORS_RETURN));
        long domain = mpi.handle("MPI_Comm_split_type", world, mpi.abi().sharedMemory, 0, mpi.value(Handle.INFO_NULL));
        try (Arena arena = Arena.ofShared()) {
            MemorySegment lowest = arena.allocateFrom(ValueLayout.JAVA_INT, mpi.number("MPI_Comm_rank", world));
            MpiTransfer transfer = new MpiTransfer(mpi, false, lowest);
            mpi.broadcast(lowest, 0, domain, transfer.request());
            while (!transfer.test()) {
                Thread.yield();
            }
            MemorySegment handle = arena.allocate(Long.BYTES, Long.BYTES);
            mpi.writeHandle(handle, domain);
            mpi.call("MPI_Comm_free", handle);
            return lowest.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private static World opened;

    /**
     * The group of all ranks, opened at the first call that finds an MPI.
     *
     * @throws GamutException where there is none
     */
    static synchronized MpiTransport transport() {
        if (opened == null) {
            opened = open(MpiHost.get());
        }
        return opened.all;
    }

    private static World open(MpiHost host) {
        if (host.library() == null) {
            throw new GamutException(host.failure());
        }
        MpiLibrary mpi = host.library();
        CompletableFuture<World> initialised = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("gamut-mpi").start(() -> live(mpi, initialised));
        World world;
        try {
            world = initialised.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        world.all = new MpiTransport(world, mpi.value(Handle.COMM_WORLD), mpi.mostCount());
        world.requireAll();
        return world;
    }

    private static void live(MpiLibrary mpi, CompletableFuture<World> initialised) {
        try {
            boolean own = mpi.number("MPI_Initialized") == 0;
            int level = own
                    ? mpi.number("MPI_Init_thread", MemorySegment.NULL, MemorySegment.NULL, mpi.abi().threadMultiple)
                    : mpi.number("MPI_Query_thread");
            if (level < mpi.abi().threadMultiple) {
                throw new NativeCallException(
                        own ? "MPI_Init_thread" : "MPI_Query_thread",
                        level,
                        "a lower thread level than MPI_THREAD_MULTIPLE, which Gamut needs");
            }
            World world = new World(mpi);
            if (own) {
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(world.finalising(Thread.currentThread()), "gamut-mpi-end"));
            }
            initialised.complete(world);
            world.ending.await();
            if (mpi.abi() == Abi.MPICH) {
                world.meet();
            }
            mpi.call("MPI_Finalize");
        } catch (Throwable e) { // handed to whoever opens the world; after that there is nobody left
            initialised.completeExceptionally(e);
        }
    }

    private void meet() {
        MpiTransfer barrier = new MpiTransfer(mpi, false);
        mpi.barrier(mpi.value(Handle.COMM_WORLD), barrier.request());
        while (!barrier.test()) {
            LockSupport.parkNanos(PAUSE_NANOS); // the others may go on for hours
        }
        allEnd = true;
    }

    private Runnable finalising(Thread owner) {
        return () -> {
            if (!whole) {
                return;
            }
            ends.values().forEach(World::tried);
            ending.countDown();
            long patience = PATIENCE_MILLIS;
            try {
                while (owner.isAlive() && patience > 0) {
                    owner.join(LOOK_MILLIS);
                    boolean alone = all == null || !all.missing().isEmpty();
                    patience -= allEnd || alone ? LOOK_MILLIS : 0;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** What the library refuses now cannot be mended any more. */
    private static void tried(Runnable end) {
        try {
            end.run();
        } catch (NativeCallException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "before MPI_Finalize", e);
        }
    }

    /** Something to be done before MPI_Finalize unless the group is closed before, or a rank has failed. */
    void atEnd(MpiTransport group, Runnable what) {
        ends.put(group, what);
    }

    /** A group that is closed. */
    void forget(MpiTransport group) {
        ends.remove(group);
    }

    /** Where the launcher started more ranks than MPI knows, each would be alone and take itself for the first. */
    private void requireAll() {
        Map<String, String> environment = System.getenv();
        Optional<Integer> started = Launcher.of(environment).map(l -> l.ranks(environment));
        if (started.isPresent() && all.size() == 1 && started.get() > 1) {
            throw new GamutException(mpi.describe() + " knows 1 rank; the launcher has started " + started.get()
                    + ": they are not of one family");
        }
    }

    MpiLibrary library() {
        return mpi;
    }

    RankProcess process() {
        return process;
    }

    /** Whether no rank is known to have failed. */
    boolean isWhole() {
        return whole;
    }

    /** From now on nothing is called that waits for all ranks. */
    void abandon() {
        whole = false;
    }
}
