package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Tuning;
import dev.gamut.spi.Workspace;
import java.util.ArrayList;
import java.util.List;

/** The least runtime a kernel can be prepared with: tasks are dealt out to fresh threads, round robin. */
final class TestContext implements PlanContext {
    private final Tuning tuning;
    private final Workspace[] workspaces;
    private final boolean packB;
    /** The numbers of tasks asked for so far. */
    private final List<Integer> asked = new ArrayList<>();

    private boolean watched;

    TestContext(Tuning tuning, int threads, boolean packB) {
        this.tuning = tuning;
        this.packB = packB;
        workspaces = new Workspace[threads];
        for (int i = 0; i < threads; i++) {
            workspaces[i] = new Workspace();
        }
    }

    /** Whether right operands are to be packed beforehand where a kernel can do that. */
    boolean packB() {
        return packB;
    }

    /** The numbers of tasks that runs asked for, kept from now on. */
    List<Integer> watch() {
        watched = true;
        return asked;
    }

    OfferContext offerContext() {
        return new OfferContext(machine(), tuning, threads());
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
        return workspaces.length;
    }

    @Override
    public void parallelFor(int tasks, Task task) {
        if (watched) {
            asked.add(tasks);
        }
        if (workspaces.length == 1 || tasks == 1) {
            for (int i = 0; i < tasks; i++) {
                task.run(i, workspaces[0]);
            }
            return;
        }
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < workspaces.length; t++) {
            int first = t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = first; i < tasks; i += workspaces.length) {
                    task.run(i, workspaces[first]);
                }
            }));
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public GemmPlan plan(GemmDesc inner) {
        throw new UnsupportedOperationException("these kernels plan nothing else");
    }
}
