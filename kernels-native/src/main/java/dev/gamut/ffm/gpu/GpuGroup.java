package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.device.Ending;
import dev.gamut.error.GamutException;
import dev.gamut.error.RankFailureException;
import dev.gamut.spi.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A rank's communicator of NCCL or RCCL, which never blocks: a call only begins, and is over once {@link #isReady}. Thread-safe: it may be ended
 * while another thread asks.
 */
final class GpuGroup {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** What a rank that has gone may have left behind needs so long at most. */
    private static final Duration LONGEST_ALONE = Duration.ofSeconds(1);

    private static final long PAUSE_NANOS = 50_000;
    private static final VarHandle HANDLE = JAVA_LONG.varHandle();

    private final GpuDriver driver;
    private final Functions library;
    private final Transport beneath;
    private final long handle;
    private boolean ended;
    private MemorySegment made;

    private GpuGroup(GpuDriver driver, Functions library, Transport beneath, long handle) {
        this.driver = driver;
        this.library = library;
        this.beneath = beneath;
        this.handle = handle;
    }

    /**
     * Joins the other ranks, all of which do the same.
     *
     * @param name that rank 0 has from the library
     */
    static GpuGroup join(GpuDriver driver, Functions library, Transport beneath, MemorySegment name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(JAVA_LONG);
            driver.enter();
            begin(library, Call.JOIN, made, beneath.size(), name, beneath.rank(), Ranks.config(arena));
            return joined(new GpuGroup(driver, library, beneath, made.get(JAVA_LONG, 0)), Call.JOIN);
        }
    }

    /**
     * The group of those that are left; what is under way in this one ends.
     *
     * @param on the driver for it
     * @param rest transport between them
     * @param without ranks here that are not among them
     */
    GpuGroup shrink(GpuDriver on, Transport rest, int[] without) {
        // A thread of the library writes it once the group is made, however late: it stays as long as this group does.
        made = Arena.ofAuto().allocate(JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            on.enter();
            MemorySegment ranks = arena.allocateFrom(JAVA_INT, without);
            synchronized (this) {
                begin(
                        library,
                        Call.SHRINK,
                        handle,
                        ranks,
                        without.length,
                        made,
                        Ranks.config(arena),
                        Ranks.SHRINK_ABORT);
            }
            await(rest, library.vendor().function(Call.SHRINK), () -> (long) HANDLE.getVolatile(made, 0L) != 0);
            return joined(new GpuGroup(on, library, rest, made.get(JAVA_LONG, 0)), Call.SHRINK);
        }
    }

    private static GpuGroup joined(GpuGroup group, Call call) {
        try {
            group.await(call);
            return group;
        } catch (GamutException e) {
            group.end(true);
            throw e;
        }
    }

    long handle() {
        return handle;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Begins a call; throws where the library refuses it. */
    synchronized void begin(Call call, Object... arguments) {
        if (ended) {
            throw new GamutException("the group of ranks on devices has been given up");
        }
        driver.enter();
        begin(library, call, arguments);
    }

    private static void begin(Functions library, Call call, Object... arguments) {
        int status = library.status(call, arguments);
        if (status != 0 && status != Ranks.IN_PROGRESS) {
            throw library.failure(call, status);
        }
    }

    /** Begins messages as one; where one is refused, none is sent. */
    synchronized void beginTogether(Runnable messages) {
        begin(Call.GROUP_START);
        try {
            messages.run();
        } catch (RuntimeException e) {
            library.status(Call.GROUP_END);
            throw e;
        }
        begin(Call.GROUP_END);
    }

    /**
     * Whether the last call is over, as far as the host is concerned; never once the group has ended.
     *
     * @param call it, for the exception where the library has met an error since
     */
    synchronized boolean isReady(Call call) {
        if (ended && call != Call.FINALIZE) {
            return false; // whoever waits hears of it by another way
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(JAVA_INT);
            library.call(Call.STATE, handle, state);
            int now = state.get(JAVA_INT, 0);
            if (now != 0 && now != Ranks.IN_PROGRESS) {
                throw library.failure(call, now);
            }
            return now == 0;
        }
    }

    private void await(Call call) {
        await(beneath, library.vendor().function(call), () -> isReady(call));
    }

    /**
     * Waits for what needs the other ranks; not for ever, and not long once one of them has gone.
     *
     * @param beneath knows who has gone
     * @param what is waited for, for people
     * @param over whether it is
     */
    static void await(Transport beneath, String what, BooleanSupplier over) {
        long begun = System.nanoTime();
        long end = begun + LONGEST.toNanos();
        boolean alone = false;
        while (!over.getAsBoolean()) {
            Map<Integer, String> gone = beneath.missing();
            if (!alone && !gone.isEmpty()) {
                alone = true;
                end = Math.min(end, System.nanoTime() + LONGEST_ALONE.toNanos());
            }
            if (System.nanoTime() - end > 0) {
                List<Integer> others = new ArrayList<>();
                for (int r = 0; r < beneath.size(); r++) {
                    if (r != beneath.rank() && (gone.isEmpty() || gone.containsKey(r))) {
                        others.add(r);
                    }
                }
                throw new RankFailureException(
                        others,
                        what,
                        Duration.ofNanos(System.nanoTime() - begun),
                        gone.isEmpty() ? "it has not ended in time" : "ranks have gone: " + gone);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /**
     * Gives it back.
     *
     * @param abort whether to end what is under way, instead of waiting for it
     */
    synchronized void end(boolean abort) {
        if (ended) {
            return;
        }
        ended = true;
        driver.enter();
        if (abort) {
            abort(new Ending());
            return;
        }
        try {
            begin(library, Call.FINALIZE, handle);
            await(Call.FINALIZE);
        } catch (GamutException e) {
            abort(new Ending().then(() -> {
                throw e;
            }));
        }
        driver.release(library, Call.LEAVE, handle);
    }

    /** Where that is refused it is tried again at once, for a queue does not end before. */
    private void abort(Ending ending) {
        ending.then(() -> driver.release(library, Call.ABORT, handle))
                .then(driver.releases()::again)
                .end();
    }
}
