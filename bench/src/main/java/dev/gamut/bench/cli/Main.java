package dev.gamut.bench.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Entry of the {@code gamut} command: reads the command line, runs one command, answers with an exit code. */
public final class Main {
    /** Done. */
    public static final int DONE = 0;

    /** A check failed, or data is not what it should be. */
    public static final int CHECK_FAILED = 1;

    /** The command line is wrong. */
    public static final int BAD_USAGE = 2;

    private Main() {}

    /**
     * Runs and ends the process.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Logs.onlyWarnings();
        // UTF-8 whatever the locale says: without one, Java would print a question mark for every × and µ.
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        System.setOut(out);
        System.setErr(err);
        int code = run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        if (out.checkError() && code == DONE) {
            err.println("gamut: not all of the output could be written");
            code = CHECK_FAILED;
        }
        System.exit(code);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /**
     * Runs one command without ending the process.
     *
     * @param out where results go
     * @param err where complaints go
     * @param args the command line
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new RootCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpAutoWidth(true);
        Converters.register(line);
        Complaints complaints = new Complaints();
        line.setParameterExceptionHandler(complaints).setExecutionExceptionHandler(complaints);
        try {
            return line.execute(args);
        } catch (Error e) {
            complaints.complain(line, e);
            return CHECK_FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }
}
