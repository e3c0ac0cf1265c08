package dev.gamut.spi;

import dev.gamut.device.Device;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;

/** What a prepared kernel may use of the runtime that owns it. Thread-safe. */
public interface PlanContext {
    /** The host. */
    Capabilities machine();

    /** Cost constants and block sizes. */
    Tuning tuning();

    /** Threads that {@link #parallelFor} spreads over, at least 1. */
    int threads();

    /**
     * Runs tasks 0 to tasks - 1, each once, on the calling thread and the workers, and returns when all have ended. Tasks
     * must not wait for each other: called from a worker, or while the pool is busy, they run one after the other on the
     * calling thread. The first exception thrown by a task is rethrown after all have ended. Does not allocate.
     *
     * @param tasks number of tasks, at least 0
     * @param task what to run
     */
    void parallelFor(int tasks, Task task);

    /**
     * A plan for an inner operation, chosen as any other.
     *
     * @param inner for example the INT8 product of an emulated GEMM
     * @return its plan
     */
    GemmPlan plan(GemmDesc inner);

    /** The device that operands live on; asked by kernels of devices alone. */
    default Device device() {
        throw new IllegalStateException("operands live on the host");
    }

    /** A part of a prepared operation. */
    @FunctionalInterface
    interface Task {
        /**
         * Runs one part.
         *
         * @param index which one
         * @param workspace scratch memory that no other running task uses
         */
        void run(int index, Workspace workspace);
    }
}
