package dev.gamut.internal.plan;

import dev.gamut.hw.Capabilities;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.reference.ReferenceProvider;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.OfferContext;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The one line a process logs when its first plan is made: who computes here, and who cannot and why. */
final class Announcement {
    private static final AtomicBoolean MADE = new AtomicBoolean();

    private Announcement() {}

    static void firstPlan(Dispatcher dispatcher, OfferContext context) {
        if (!MADE.compareAndSet(false, true)) {
            return;
        }
        Capabilities machine = context.machine();
        List<String> usable = new ArrayList<>();
        List<String> rejected = new ArrayList<>();
        for (KernelProvider provider : dispatcher.providers()) {
            Optional<String> reason = provider.unavailable(machine);
            if (reason.isPresent()) {
                rejected.add(provider.name() + ": " + reason.get());
            } else {
                usable.add(provider.name());
            }
        }
        boolean referenceAlone = usable.equals(List.of(ReferenceProvider.NAME));
        String line = "Gamut computes on " + machine.cpu() + " (" + machine.arch() + ", "
                + (machine.vectorBits() == 0 ? "no Vector API" : machine.vectorBits() + "-bit vectors") + ", "
                + context.threads() + (context.threads() == 1 ? " thread" : " threads") + ") with "
                + String.join(", ", usable)
                + (referenceAlone ? " kernels only, which are slow" : " kernels")
                + (rejected.isEmpty() ? "" : "; not used: " + String.join("; ", rejected));
        System.getLogger("dev.gamut").log(referenceAlone ? Level.WARNING : Level.INFO, line);
    }
}
