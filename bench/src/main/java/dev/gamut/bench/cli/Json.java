package dev.gamut.bench.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/** JSON as Gamut writes it: two spaces of indentation, keys in the order they were put, null for numbers that are none or infinite. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Double.class, new Finite())
                    .addSerializer(double.class, new Finite()));

    /** Jackson's own way, a string such as "NaN", is another type where a number is expected. */
    private static final class Finite extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                out.writeNull();
            }
        }
    }

    private Json() {}

    /**
     * Prints.
     *
     * @param value maps, lists, strings and numbers
     * @return the text, with a line feed at its end
     */
    public static String text(Object value) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        try {
            return MAPPER.writer(printer).writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot print JSON", e);
        }
    }

    /**
     * Prints on one line, fit to stand inside a script element.
     *
     * @param value maps, lists, strings and numbers
     * @return the text, without any character that could end the element
     */
    public static String inScript(Object value) {
        try {
            return MAPPER.writeValueAsString(value).replace("<", "\\u003c").replace("&", "\\u0026");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot print JSON", e);
        }
    }
}
