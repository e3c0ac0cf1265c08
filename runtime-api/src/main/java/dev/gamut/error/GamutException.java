package dev.gamut.error;

/** What Gamut throws where an argument is not to blame: the base of its own exceptions. */
public class GamutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, with the values concerned
     */
    public GamutException(String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, with the values concerned
     * @param cause what it came from
     */
    public GamutException(String message, Throwable cause) {
        super(message, cause);
    }
}
