package dev.gamut.bench.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Whether people or pipes read what is written, and the escape sequences for people. */
public final class Terminal {
    /** Bold text. */
    public static final String BOLD = "\u001b[1m";

    /** Faint text. */
    public static final String DIM = "\u001b[2m";

    /** Green text. */
    public static final String GREEN = "\u001b[32m";

    /** Red text. */
    public static final String RED = "\u001b[31m";

    /** Back to ordinary text. */
    public static final String PLAIN = "\u001b[0m";

    private Terminal() {}

    /** Whether standard output may be coloured: a terminal, and the user has not set {@code NO_COLOR}. */
    public static boolean colours() {
        return isTerminal(1)
                && Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty();
    }

    /** Whether progress may be drawn on standard error. */
    public static boolean progress() {
        return isTerminal(2) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Asks the C library, as Java's console knows only whether both input and output are terminals. */
    private static boolean isTerminal(int descriptor) {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> isatty = linker.defaultLookup().find("isatty");
        if (isatty.isEmpty()) {
            return System.console() != null && System.console().isTerminal();
        }
        try {
            return (int) linker.downcallHandle(
                                    isatty.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                            .invokeExact(descriptor)
                    == 1;
        } catch (Throwable e) {
            throw new IllegalStateException("isatty failed", e);
        }
    }
}
