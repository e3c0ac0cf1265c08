package dev.gamut.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.spi.Workspace;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerPoolTest {
    @Test
    void runsEachTaskOnceWhateverTheSizeOfTheJob() {
        try (WorkerPool pool = new WorkerPool(4)) {
            for (int job = 0; job < 20_000; job++) {
                int tasks = job % 17;
                AtomicIntegerArray runs = new AtomicIntegerArray(17);
                pool.parallelFor(tasks, (i, w) -> runs.incrementAndGet(i));
                for (int i = 0; i < 17; i++) {
                    assertEquals(i < tasks ? 1 : 0, runs.get(i), "task " + i + " of job " + job);
                }
            }
        }
    }

    @Test
    void theFirstJobOfAFreshPoolRunsEachTaskOnce() {
        for (int round = 0; round < (Boolean.getBoolean("gamut.test.full") ? 3_000 : 300); round++) {
            try (WorkerPool pool = new WorkerPool(12)) {
                AtomicIntegerArray runs = new AtomicIntegerArray(12);
                pool.parallelFor(12, (i, w) -> {
                    runs.incrementAndGet(i);
                    Thread.yield();
                });
                for (int i = 0; i < 12; i++) {
                    assertEquals(1, runs.get(i), "task " + i + " of round " + round);
                }
            }
        }
    }

    @Test
    void usesSeveralThreads() {
        try (WorkerPool pool = new WorkerPool(2)) {
            Thread caller = Thread.currentThread();
            InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
            local.set("the caller's");
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            CountDownLatch both = new CountDownLatch(2);
            pool.parallelFor(2, (i, w) -> {
                seen.add(Thread.currentThread());
                assertEquals(Thread.currentThread() == caller ? "the caller's" : null, local.get());
                both.countDown();
                try {
                    assertTrue(both.await(30, TimeUnit.SECONDS), "the other thread did not come");
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(2, seen.size());
        }
    }

    @Test
    void nestedUseRunsInline() {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicInteger count = new AtomicInteger();
            pool.parallelFor(5, (i, outer) -> {
                Thread self = Thread.currentThread();
                pool.parallelFor(7, (j, inner) -> {
                    assertSame(self, Thread.currentThread());
                    assertTrue(inner != outer, "a nested task must not get the workspace in use");
                    count.incrementAndGet();
                });
            });
            assertEquals(35, count.get());
        }
    }

    @Test
    void concurrentCallersAreServed() throws Exception {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicInteger count = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread[] callers = new Thread[6];
            for (int t = 0; t < callers.length; t++) {
                callers[t] = new Thread(() -> {
                    for (int job = 0; job < 2_000; job++) {
                        pool.parallelFor(8, (i, w) -> count.incrementAndGet());
                    }
                });
                callers[t].setUncaughtExceptionHandler((thread, e) -> failure.set(e));
                callers[t].start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(null, failure.get());
            assertEquals(6 * 2_000 * 8, count.get());
        }
    }

    @Test
    void noTwoRunningTasksShareAWorkspace() {
        try (WorkerPool pool = new WorkerPool(4)) {
            Set<Workspace> inUse = ConcurrentHashMap.newKeySet();
            for (int job = 0; job < 500; job++) {
                pool.parallelFor(16, (i, w) -> {
                    assertTrue(inUse.add(w), "workspace in use by another task");
                    Thread.onSpinWait();
                    inUse.remove(w);
                });
            }
        }
    }

    @Test
    void aFailingTaskIsReportedAfterTheOthersEnded() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int job = 0; job < 200; job++) {
                AtomicInteger ended = new AtomicInteger();
                IllegalStateException e = assertThrows(
                        IllegalStateException.class,
                        () -> pool.parallelFor(9, (i, w) -> {
                            ended.incrementAndGet();
                            if (i == 4) {
                                throw new IllegalStateException("task 4");
                            }
                        }));
                assertEquals("task 4", e.getMessage());
                assertEquals(9, ended.get());
                pool.parallelFor(9, (i, w) -> ended.incrementAndGet()); // of which the next job is not told
                assertEquals(18, ended.get());
            }
        }
    }

    @Test
    void memoryThatComesBackToAClosedPoolIsFreed() {
        long before = Workspace.nativeBytes();
        WorkerPool pool = new WorkerPool(1);
        pool.parallelFor(3, (i, w) -> {
            w.memory(4_096);
            assertEquals(4_096, Workspace.nativeBytes() - before);
            pool.close();
        });
        assertEquals(before, Workspace.nativeBytes());
    }

    @Test
    void aJobUnderWayIsFinishedWhenThePoolCloses() {
        for (int round = 0; round < 50; round++) {
            WorkerPool pool = new WorkerPool(3);
            AtomicInteger count = new AtomicInteger();
            pool.parallelFor(64, (i, w) -> {
                if (i == 5) {
                    pool.close();
                }
                count.incrementAndGet();
            });
            assertEquals(64, count.get());
        }
    }
}
