package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Tuning;
import dev.gamut.spi.Workspace;
import java.util.ArrayDeque;
import java.util.Deque;

/** A runtime of one thread that runs every task at once on the caller. */
final class InlineContext implements PlanContext {
    static final OfferContext OFFER = new OfferContext(Capabilities.host(), Tuning.EMPTY, 1);

    private final Deque<Workspace> workspaces = new ArrayDeque<>();

    @Override
    public Capabilities machine() {
        return Capabilities.host();
    }

    @Override
    public Tuning tuning() {
        return Tuning.EMPTY;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public void parallelFor(int tasks, Task task) {
        Workspace workspace = workspaces.isEmpty() ? new Workspace() : workspaces.pop();
        for (int i = 0; i < tasks; i++) {
            task.run(i, workspace);
        }
        workspaces.push(workspace);
    }

    @Override
    public GemmPlan plan(GemmDesc inner) {
        throw new AssertionError("the reference plans no inner operations");
    }
}
