package dev.gamut.device;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is alive on one device, and the device's own end after all of it. Thread-safe. */
final class Resources {
    private final String device;
    private final Set<Lifetime> alive = new LinkedHashSet<>();
    private final Runnable whenEmpty;
    private boolean closed;
    private boolean ended;

    Resources(String device, Runnable whenEmpty) {
        this.device = device;
        this.whenEmpty = whenEmpty;
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException(device + " is closed");
        }
    }

    synchronized void add(Lifetime life) {
        alive.add(life); // even where refused: it leaves again when it ends
        requireOpen();
    }

    void remove(Lifetime life) {
        boolean last;
        synchronized (this) {
            alive.remove(life);
            last = closed && alive.isEmpty() && !ended;
            ended |= last;
        }
        if (last) {
            whenEmpty.run();
        }
    }

    synchronized List<Lifetime> alive() {
        return new ArrayList<>(alive);
    }

    /** Refuses more; ends the device at once where nothing is alive. */
    void close() {
        boolean last;
        synchronized (this) {
            closed = true;
            last = alive.isEmpty() && !ended;
            ended |= last;
        }
        if (last) {
            whenEmpty.run();
        }
    }
}
