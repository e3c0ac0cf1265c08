package dev.gamut.vector.reduce;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Tuning;
import dev.gamut.spi.Workspace;
import java.util.concurrent.atomic.AtomicInteger;

/** A context that claims a number of threads and runs tasks one after the other, the last first. Allocates nothing. */
class InlineContext implements PlanContext {
    private final int threads;
    private final Tuning tuning;
    private final Workspace workspace = new Workspace();

    InlineContext(int threads, Tuning tuning) {
        this.threads = threads;
        this.tuning = tuning;
    }

    @Override
    public Capabilities machine() {
        return Capabilities.host();
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public void parallelFor(int tasks, Task task) {
        for (int index = tasks - 1; index >= 0; index--) {
            task.run(index, workspace);
        }
    }

    @Override
    public GemmPlan plan(GemmDesc inner) {
        throw new UnsupportedOperationException("reductions plan no products");
    }

    /** The same with threads that take the tasks from the last to the first, as they come. */
    static final class Threaded extends InlineContext {
        Threaded(int threads, Tuning tuning) {
            super(threads, tuning);
        }

        @Override
        public void parallelFor(int tasks, Task task) {
            AtomicInteger left = new AtomicInteger(tasks);
            Thread[] workers = new Thread[Math.min(tasks, threads())];
            for (int t = 0; t < workers.length; t++) {
                workers[t] = new Thread(() -> {
                    Workspace own = new Workspace();
                    for (int index = left.decrementAndGet(); index >= 0; index = left.decrementAndGet()) {
                        task.run(index, own);
                    }
                });
                workers[t].start();
            }
            for (Thread worker : workers) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
