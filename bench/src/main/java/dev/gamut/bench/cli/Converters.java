package dev.gamut.bench.cli;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.Glob;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How option values are read: types, accuracies, determinism and patterns, by the names the library uses. */
public final class Converters {
    private Converters() {}

    static void register(CommandLine line) {
        line.registerConverter(DType.class, text -> checked(text, DType::parse));
        line.registerConverter(Accuracy.class, text -> checked(text, Accuracy::parse));
        line.registerConverter(Determinism.class, text -> checked(text, Determinism::parse));
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
}
