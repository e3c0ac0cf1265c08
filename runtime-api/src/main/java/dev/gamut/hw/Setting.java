package dev.gamut.hw;

import java.util.Locale;
import java.util.Optional;

/** What a user says of a process from outside. */
public final class Setting {
    private Setting() {}

    /**
     * The system property {@code gamut.NAME}, else the environment variable {@code GAMUT_NAME}.
     *
     * @param name in lower case
     * @return empty where neither is there, or is blank
     */
    public static Optional<String> of(String name) {
        String value = System.getProperty("gamut." + name);
        if (value == null) {
            value = System.getenv("GAMUT_" + name.toUpperCase(Locale.ROOT));
        }
        return Optional.ofNullable(value).map(String::strip).filter(v -> !v.isEmpty());
    }
}
