package dev.gamut.error;

import java.nio.file.Path;

/** A file that does not hold what its format promises. */
public final class FormatException extends GamutException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    /**
     * At a place in a file.
     *
     * @param file the file
     * @param offset byte at which it goes wrong
     * @param message what is there and what was expected
     */
    public FormatException(Path file, long offset, String message) {
        super(file + " at byte " + offset + ": " + message);
        this.file = file.toString();
        this.offset = offset;
    }

    /** The file. */
    public Path file() {
        return Path.of(file);
    }

    /** The byte at which it goes wrong. */
    public long offset() {
        return offset;
    }
}
