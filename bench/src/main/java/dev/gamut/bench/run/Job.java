package dev.gamut.bench.run;

import dev.gamut.bench.cli.Logs;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
            Class<?> type = Class.forName(name);
            Method main = main(type);
            Object program = Modifier.isStatic(main.getModifiers()) ? null : instance(type);
            String[] own = Arrays.copyOfRange(arguments, 1, arguments.length);
            main.setAccessible(true);
            main.invoke(program, main.getParameterCount() == 0 ? new Object[0] : new Object[] {own});
            // Threads that it has started go on, as the JVM's launcher would let them.
        } catch (ReflectiveOperationException | LinkageError e) {
            boolean threw = e instanceof InvocationTargetException || e instanceof ExceptionInInitializerError;
            Throwable cause = threw ? e.getCause() : e;
            boolean wrong = cause == e || cause instanceof IllegalArgumentException;
            System.err.println(name + ": " + line(cause));
            if (Boolean.getBoolean("gamut.debug")) {
                cause.printStackTrace();
            }
            System.exit(wrong ? BAD_USAGE : FAILED);
        }
    }

    /** As the JVM's launcher chooses it (JLS 12.1.4), but for methods that are inherited. */
    private static Method main(Class<?> type) throws NoSuchMethodException {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("main") && !Modifier.isPrivate(method.getModifiers()))
                .filter(method -> List.of(method.getParameterTypes()).equals(List.of(String[].class))
                        || method.getParameterCount() == 0)
                .max(Comparator.comparingInt(Method::getParameterCount))
                .orElseThrow(() -> new NoSuchMethodException(type.getName() + ".main"));
    }

    private static Object instance(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static String line(Throwable cause) {
        return switch (cause) {
            case ClassNotFoundException e -> "there is no such class on the class path";
            case NoSuchMethodException e -> "it has no method main, or none to be called on an instance";
            default -> cause.toString().lines().findFirst().orElse("").replaceFirst("^dev\\.gamut\\.error\\.", "");
        };
    }
}
