package dev.gamut.internal.plan;

import dev.gamut.spi.PlanContext.Task;
import dev.gamut.spi.Workspace;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The platform threads of one Gamut. One job runs at a time; a caller who finds the pool busy, or who is a worker itself,
 * runs its tasks inline, so that tasks never wait for each other.
 *
 * <p>A job's next task is a counter with the job's number in its upper half. A worker takes a task by compare-and-set on
 * both together: a success proves that the job whose fields it read before is still the current one, because a job's
 * fields change only after all of its tasks have ended. Threads are started when first needed.
 */
final class WorkerPool implements AutoCloseable {
    /** About 50 µs on current machines: longer than the gap between two phases, shorter than a scheduler's slice. */
    private static final int SPINS = 2_000;

    private static final long NONE_LEFT = Integer.MAX_VALUE;

    private final int threads;
    private final Pool<Workspace> workspaces;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Job 0 never was: a worker that starts before the first job is published must find nothing to take. */
    private final AtomicLong ticket = new AtomicLong(NONE_LEFT);

    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicReferenceArray<Worker> workers;

    private Task task;
    private int tasks;
    private Thread caller;
    private volatile Throwable failure;
    private volatile int job;
    private volatile boolean closed;

    WorkerPool(int threads) {
        this.threads = threads;
        this.workers = new AtomicReferenceArray<>(threads - 1);
        this.workspaces = new Pool<>(2 * threads, Workspace::new, Workspace::close);
    }

    int threads() {
        return threads;
    }

    void parallelFor(int count, Task body) {
        boolean shared = count > 1
                && threads > 1
                && !(Thread.currentThread() instanceof Worker)
                && busy.compareAndSet(false, true);
        rethrow(shared ? share(count, body) : inline(count, body));
    }

    private Throwable inline(int count, Task body) {
        Workspace workspace = workspaces.take();
        Throwable first = null;
        for (int i = 0; i < count; i++) {
            try {
                body.run(i, workspace);
            } catch (Throwable e) { // rethrown by the caller once all tasks have run, as from a shared job
                first = first == null ? e : first;
            }
        }
        workspaces.give(workspace);
        return first;
    }

    private Throwable share(int count, Task body) {
        int helpers = hire(Math.min(count, threads) - 1);
        task = body;
        tasks = count;
        caller = Thread.currentThread();
        failure = null;
        ended.set(0);
        int number = job + 1;
        ticket.set((long) number << 32);
        job = number;
        for (int i = 0; i < helpers; i++) {
            if (workers.get(i).parked) {
                LockSupport.unpark(workers.get(i));
            }
        }
        work(number);
        for (int spins = 0; ended.get() < count; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        Throwable first = failure;
        // No task is left to take before the fields change: a worker that comes late must not match the ticket of this
        // job with the number of tasks of the next one.
        ticket.set((long) number << 32 | NONE_LEFT);
        task = null;
        caller = null;
        busy.set(false);
        return first;
    }

    /** Starts workers that are missing, before the job is published; where the system allows none, fewer do the work. */
    private int hire(int wanted) {
        for (int i = 0; i < wanted; i++) {
            if (workers.get(i) == null) {
                Worker worker;
                try {
                    worker = new Worker(i);
                    worker.start();
                } catch (OutOfMemoryError e) {
                    System.getLogger("dev.gamut")
                            .log(
                                    System.Logger.Level.WARNING,
                                    "no more than " + (i + 1) + " threads can be started: " + e);
                    return i;
                }
                workers.set(i, worker);
            }
        }
        return wanted;
    }

    /** Takes tasks of one job until none is left or the job is no longer the current one. */
    private void work(int number) {
        Task body = task;
        int count = tasks;
        Thread waiting = caller;
        Workspace workspace = null;
        for (long t = ticket.get(); (int) (t >>> 32) == number && (int) t < count; t = ticket.get()) {
            if (!ticket.compareAndSet(t, t + 1)) {
                continue;
            }
            try {
                workspace = workspace == null ? workspaces.take() : workspace;
                body.run((int) t, workspace);
            } catch (Throwable e) { // handed to the caller, whatever it is: every task must be counted
                failure = failure == null ? e : failure;
            }
            if (ended.incrementAndGet() == count && waiting != Thread.currentThread()) {
                LockSupport.unpark(waiting);
            }
        }
        if (workspace != null) {
            workspaces.give(workspace);
        }
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError("tasks throw no checked exceptions", failure);
        }
    }

    /** Ends the threads once their current tasks have ended; a job under way is finished by its caller. */
    @Override
    public void close() {
        closed = true;
        for (int i = 0; i < workers.length(); i++) {
            if (workers.get(i) != null) {
                LockSupport.unpark(workers.get(i));
            }
        }
        workspaces.close();
    }

    private final class Worker extends Thread {
        private volatile boolean parked;

        /** It outlives whoever calls for it, and takes nothing over from that thread. */
        Worker(int index) {
            super(null, null, "gamut-worker-" + index, 0, false);
            setDaemon(true);
        }

        @Override
        public void run() {
            int seen = job - 1; // started for the current job
            while (!closed) {
                int number = job;
                if (number != seen) {
                    seen = number;
                    work(number);
                } else {
                    await(number);
                }
            }
        }

        private void await(int number) {
            for (int spins = 0; spins < SPINS; spins++) {
                if (job != number || closed) {
                    return;
                }
                Thread.onSpinWait();
            }
            parked = true;
            if (job == number && !closed) {
                LockSupport.park(WorkerPool.this);
            }
            parked = false;
        }
    }
}
