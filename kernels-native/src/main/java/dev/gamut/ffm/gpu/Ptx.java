package dev.gamut.ffm.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Of which CUDA the PTX in the jar is.
 *
 * @param release of the compiler, as the runtime counts versions
 * @param capability of the oldest devices that it is for, ten times the major one and the minor one
 */
record Ptx(int release, int capability) {
    private static final Pattern RELEASE = Pattern.compile("release (\\d+)\\.(\\d+)");
    private static final Pattern TARGET = Pattern.compile("\\.target sm_(\\d+)");
    private static final int MAJOR = 1000;
    private static final int MINOR = 10;

    /** What the jar has; null where it was built without CUDA's compiler. */
    static final Ptx SHIPPED = shipped();

    private static Ptx shipped() {
        Optional<String> text = text("reduce");
        if (text.isEmpty()) {
            return null;
        }
        Matcher release = RELEASE.matcher(text.get());
        Matcher target = TARGET.matcher(text.get());
        if (!release.find() || !target.find()) {
            throw new IllegalStateException("reduce.ptx names no release of CUDA or no target");
        }
        return new Ptx(
                Integer.parseInt(release.group(1)) * MAJOR + Integer.parseInt(release.group(2)) * MINOR,
                Integer.parseInt(target.group(1)));
    }

    /** Why there is none. */
    static Optional<String> missing() {
        return SHIPPED == null
                ? Optional.of(
                        "this build has no PTX of Gamut's own programs: it was made without nvcc, CUDA's compiler")
                : Optional.empty();
    }

    /** The PTX of a file of programs. */
    static Optional<String> text(String module) {
        try (InputStream in = Ptx.class.getResourceAsStream(module + ".ptx")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + module + ".ptx", e);
        }
    }
}
