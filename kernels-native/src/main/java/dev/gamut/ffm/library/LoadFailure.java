package dev.gamut.ffm.library;

/** A native library that cannot be used; the message says all that was tried and why each of it failed. */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * With the whole cause.
     *
     * @param message what was tried and what came of it
     */
    public LoadFailure(String message) {
        super(message);
    }
}
