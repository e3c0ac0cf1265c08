package dev.gamut.vector.reduce;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Tuning;
import dev.gamut.spi.Workspace;

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

    /** The same with a thread for each task. */
    static final class Threaded extends InlineContext {
        Threaded(int threads, Tuning tuning) {
            super(threads, tuning);
        }

        @Override
        public void parallelFor(int tasks, Task task) {
            Thread[] workers = new Thread[tasks];
            for (int t = 0; t < tasks; t++) {
                int index = t;
                workers[t] = new Thread(() -> task.run(index, new Workspace()));
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
