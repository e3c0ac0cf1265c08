package dev.gamut.ffm.gpu;

/** Several things that must all be done, whichever of them fail: the first exception is thrown at the end. Not thread-safe. */
final class Ending {
    private RuntimeException first;

    /** Does one of them. */
    Ending then(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
        return this;
    }

    /** Throws what was thrown. */
    void end() {
        if (first != null) {
            throw first;
        }
    }
}
