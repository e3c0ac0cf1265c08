package dev.gamut.device;

/**
 * Several things that must all be done, whichever of them fail: the first exception is thrown at the end, with the others as suppressed
 * ones. For providers, whose libraries may refuse to free a thing. Not thread-safe.
 */
public final class Ending {
    private RuntimeException first;

    /** With nothing done yet. */
    public Ending() {}

    /**
     * Does one of them.
     *
     * @param step what may fail
     * @return this
     */
    public Ending then(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (first == null) {
                first = e;
            } else if (first != e) { // an exception may not suppress itself
                first.addSuppressed(e);
            }
        }
        return this;
    }

    /**
     * Ends.
     *
     * @throws RuntimeException the first one that a step threw
     */
    public void end() {
        if (first != null) {
            throw first;
        }
    }
}
