package dev.gamut.internal.collective;

/** A rank of a process, in whatever groups it is: its thread, and whether it has ended. */
public final class Member {
    private volatile Thread thread;
    private volatile String ended;
    private volatile boolean goesOn;

    /** Says which thread runs the rank. */
    public void runsOn(Thread runner) {
        thread = runner;
    }

    /**
     * Says that the rank makes no more calls.
     *
     * @param how for people
     */
    public void end(String how) {
        ended = how;
    }

    /** How the rank ended, null while it has not. */
    String ended() {
        return ended;
    }

    /** Says whether the rank goes on in a group of those that are left. */
    void goesOn(boolean now) {
        goesOn = now;
    }

    /** Whether it goes on without ranks that failed, for as long as it likes. */
    public boolean goesOn() {
        return goesOn;
    }

    /** What the rank is in, for people. */
    String whereabouts() {
        Thread runner = thread;
        if (ended != null) {
            return ended;
        }
        if (runner == null || !runner.isAlive()) {
            return "not running";
        }
        StackTraceElement[] stack = runner.getStackTrace();
        return runner.getState().name().toLowerCase(java.util.Locale.ROOT)
                + (stack.length == 0 ? "" : " at " + stack[0]);
    }
}
