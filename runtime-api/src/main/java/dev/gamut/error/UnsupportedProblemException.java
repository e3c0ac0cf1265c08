package dev.gamut.error;

import java.util.List;

/** No kernel may carry out an operation as demanded; carries every kernel's reason. */
public final class UnsupportedProblemException extends GamutException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> declines;

    /**
     * With every reason.
     *
     * @param problem what was asked for
     * @param declines one line for each kernel: its id and its reason
     */
    public UnsupportedProblemException(String problem, List<String> declines) {
        super("no kernel takes " + problem + ":\n  " + String.join("\n  ", declines));
        this.declines = List.copyOf(declines);
    }

    /** One line for each kernel: its id and its reason; empty after serialisation. */
    public List<String> declines() {
        return declines == null ? List.of() : declines;
    }
}
