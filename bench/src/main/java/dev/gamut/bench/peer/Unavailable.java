package dev.gamut.bench.peer;

/** A peer cannot take part, or not in this problem; the message is the reason that the gate's reader sees. */
public final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A reason.
     *
     * @param reason half a sentence, such as "computes F32 only"
     */
    public Unavailable(String reason) {
        super(reason);
    }

    /**
     * A reason with its cause.
     *
     * @param reason half a sentence that already says what the cause says
     * @param cause for those who debug
     */
    public Unavailable(String reason, Throwable cause) {
        super(reason, cause);
    }
}
