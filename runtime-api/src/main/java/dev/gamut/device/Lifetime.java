package dev.gamut.device;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long something of a library lives: until it is closed and nobody holds it any more, so that a call that is under way in another
 * thread never meets a freed handle. It does not know the object it stands for, whose end tells that nobody closed it. Thread-safe.
 */
final class Lifetime implements Runnable {
    /** Whether resources remember where they were allocated: costs a stack trace for each. */
    private static final boolean TRACED = Boolean.getBoolean("gamut.device.traces");

    private static final Cleaner CLEANER = Cleaner.create();

    private final String what;
    private final Throwable where = TRACED ? new Throwable() : null;
    private final Resources resources;
    private final Runnable free;
    private final boolean kept;
    /** One for the object itself until it is closed, and one for each that uses it. */
    private final AtomicInteger holds = new AtomicInteger(1);

    private final AtomicBoolean closed = new AtomicBoolean();
    private Cleaner.Cleanable cleanable;

    private Lifetime(String what, Resources resources, Runnable free, boolean kept) {
        this.what = what;
        this.resources = resources;
        this.free = free;
        this.kept = kept;
    }

    /**
     * The life of an object, which begins.
     *
     * @param kept whether nobody is to close it: see {@link Device#keep}
     */
    static Lifetime of(Object object, String what, Resources resources, Runnable free, boolean kept) {
        Lifetime life = new Lifetime(what, resources, free, kept);
        life.cleanable = CLEANER.register(object, life);
        try {
            resources.add(life);
        } catch (IllegalStateException e) { // its device was closed meanwhile
            life.close();
            throw e;
        }
        return life;
    }

    boolean isKept() {
        return kept;
    }

    void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(what + " is closed");
        }
    }

    /** Keeps it until {@link #release}. */
    void hold() {
        int before;
        do {
            requireOpen();
            before = holds.get();
            if (before == 0) {
                throw new IllegalStateException(what + " is closed");
            }
        } while (!holds.compareAndSet(before, before + 1));
    }

    void release() {
        if (holds.decrementAndGet() == 0) {
            try {
                free.run();
            } finally {
                resources.remove(this);
            }
        }
    }

    /** Ends it; a second time changes nothing. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            cleanable.clean(); // forgets the object; run() finds it closed
            release();
        }
    }

    /** Its object or its device is gone and nobody has closed it: it ends, and is told as a leak where somebody should have. */
    @Override
    public void run() {
        if (!closed.get()) {
            if (!kept) {
                Leaks.report(this);
            }
            close();
        }
    }

    /** What it is, and where it was allocated. */
    String describe() {
        StringBuilder text = new StringBuilder(what);
        if (where == null) {
            return text.append(" (-Dgamut.device.traces=true tells where it was allocated)")
                    .toString();
        }
        text.append(", allocated at");
        for (StackTraceElement frame : where.getStackTrace()) {
            if (!frame.getClassName().startsWith("dev.gamut.device.")) {
                text.append("\n    ").append(frame);
            }
        }
        return text.toString();
    }
}
