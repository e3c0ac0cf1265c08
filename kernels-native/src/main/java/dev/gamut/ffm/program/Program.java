package dev.gamut.ffm.program;

import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A program: a file of the jar and what the names in it stand for.
 *
 * @param name of its own, a word of C
 * @param file the source
 * @param names what is defined, in this order
 */
public record Program(String name, String file, SequencedMap<String, String> names) {
    /** How programs call types that are known at run time alone: by their place here. */
    private static final List<DType> NUMBERED = List.of(DType.values());

    /** Elements of all types, loaded and stored: what all programs begin with. */
    public static final String TYPES = read("types.cl");

    /**
     * With nothing defined.
     *
     * @param name of its own, a word of C
     * @param file the source
     */
    public Program(String name, String file) {
        this(name, file, new LinkedHashMap<>());
    }

    /** Defines a name. */
    public Program with(String key, String value) {
        names.put(key, value);
        return this;
    }

    /** Defines a name as 1 where something holds. */
    public Program with(String key, boolean holds) {
        return holds ? with(key, "1") : this;
    }

    /** The number by which programs know a type. */
    public static long number(DType type) {
        return NUMBERED.indexOf(type);
    }

    /** The numbers of all types, as definitions. */
    public static Map<String, String> numbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        NUMBERED.forEach(type -> numbers.put("T_" + type.name(), Long.toString(number(type))));
        return numbers;
    }

    /** Whether a device computes in a type itself. */
    public static boolean computes(DeviceInfo device, DType type) {
        return device.arithmetic().contains(type);
    }

    /** The scalar type of the language that holds an accumulator. */
    public static String scalar(DType accumulator) {
        if (accumulator.isInteger()) {
            return accumulator.bits() > Integer.SIZE ? "long" : "int";
        }
        return accumulator.precision() > Float.PRECISION ? "double" : "float";
    }

    /** What is in the file. */
    public String text() {
        return read(file);
    }

    private static String read(String file) {
        try (InputStream in = Program.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
