package dev.gamut.bench.cli;

/** A command that cannot go on, with the one line that its user reads and the exit code. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * The command line is wrong.
     *
     * @param message what was wrong and what is allowed
     */
    public static Failure usage(String message) {
        return new Failure(Main.BAD_USAGE, message, null);
    }

    /**
     * The command line is right, but what it names is not, or the machine refuses.
     *
     * @param message what is there and what was expected
     * @param cause where it was found, or null
     */
    public static Failure data(String message, Throwable cause) {
        return new Failure(Main.CHECK_FAILED, message, cause);
    }

    /** The process's exit code. */
    public int exitCode() {
        return exitCode;
    }
}
