package dev.gamut.bench.cli;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.Glob;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How option values are read: types, accuracies, determinism and patterns, by the names the library uses. */
public final class Converters {
    private Converters() {}

    static void register(CommandLine line) {
        line.registerConverter(DType.class, text -> checked(text, DType::parse));
        line.registerConverter(Accuracy.class, text -> checked(text, Converters::accuracy));
        line.registerConverter(Determinism.class, text -> checked(text, Converters::determinism));
        line.registerConverter(ByteSize.class, text -> checked(text, ByteSize::parse));
        line.registerConverter(Glob.class, text -> checked(text, Glob::of));
    }

    /** What the library says of a value is what the user should read. */
    private static <T> T checked(String text, ITypeConverter<T> converter) throws Exception {
        try {
            return converter.convert(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /**
     * Reads {@code native}, {@code atLeast:TYPE} or {@code within:EPS}.
     *
     * @param text as on the command line
     */
    public static Accuracy accuracy(String text) {
        String[] parts = text.split(":", 2);
        String argument = parts.length == 2 ? parts[1] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "native" -> noArgument(text, argument, Accuracy.NATIVE);
            case "atleast" -> Accuracy.atLeast(DType.parse(argument));
            case "within" -> Accuracy.within(number(argument));
            default ->
                throw new IllegalArgumentException(
                        "accuracy is '" + text + "'; allowed are native, atLeast:TYPE and within:EPS");
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("eps is '" + text + "'; a number such as 1e-6 is needed", e);
        }
    }

    static Determinism determinism(String text) {
        String[] parts = text.split(":", 2);
        String argument = parts.length == 2 ? parts[1] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "any" -> noArgument(text, argument, Determinism.ANY);
            case "run_to_run" -> noArgument(text, argument, Determinism.RUN_TO_RUN);
            case "bitwise" ->
                parts.length == 1 ? Determinism.BITWISE : Determinism.bitwise(new EvaluationOrder(argument));
            default ->
                throw new IllegalArgumentException(
                        "determinism is '" + text + "'; allowed are any, run_to_run, bitwise and bitwise:ORDER");
        };
    }

    private static <T> T noArgument(String text, String argument, T value) {
        if (!argument.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' has an argument; none is allowed there");
        }
        return value;
    }
}
