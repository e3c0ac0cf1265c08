package dev.gamut.bench.run;

import dev.gamut.bench.cli.Logs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;

/** The process of a rank, or of all of them: a program's {@code main}, whose failure is one line and an exit status. */
public final class Job {
    /** The program failed; it may be started again. */
    static final int FAILED = 1;

    /** It was called wrongly; starting it again is of no use. */
    static final int BAD_USAGE = 2;

    private Job() {}

    /**
     * Runs a program.
     *
     * @param arguments its class and its own arguments
     */
    public static void main(String[] arguments) {
        Logs.onlyWarnings();
        String name = arguments[0];
        try {
            Method main = Class.forName(name).getMethod("main", String[].class);
            if (!Modifier.isStatic(main.getModifiers())) {
                throw new NoSuchMethodException(name + ".main is not static");
            }
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
            System.exit(0);
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            boolean wrong = cause == e || cause instanceof IllegalArgumentException;
            System.err.println(name + ": " + line(cause));
            if (Boolean.getBoolean("gamut.debug")) {
                cause.printStackTrace();
            }
            System.exit(wrong ? BAD_USAGE : FAILED);
        }
    }

    private static String line(Throwable cause) {
        return switch (cause) {
            case ClassNotFoundException e -> "there is no such class on the class path";
            case NoSuchMethodException e -> "it has no public static void main(String[])";
            default -> cause.toString().lines().findFirst().orElse("").replaceFirst("^dev\\.gamut\\.error\\.", "");
        };
    }
}
