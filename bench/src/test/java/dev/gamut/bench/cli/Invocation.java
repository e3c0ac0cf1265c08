package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command inside the test's JVM. */
public record Invocation(int code, String out, String err) {
    /**
     * Runs the command.
     *
     * @param args the command line
     */
    public static Invocation of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Invocation(code, out.toString(), err.toString());
    }

    /** The complaint: exactly one line, and nothing on standard output. */
    String complaint(int expectedCode) {
        assertEquals(expectedCode, code, err);
        assertEquals("", out);
        assertEquals(1, err.lines().count(), err);
        return err.strip();
    }
}
