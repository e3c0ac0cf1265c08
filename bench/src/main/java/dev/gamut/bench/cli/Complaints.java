package dev.gamut.bench.cli;

import dev.gamut.error.FormatException;
import dev.gamut.error.GamutException;
import dev.gamut.error.UnsupportedProblemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns whatever goes wrong into one line and an exit code; a stack trace follows only where {@code --debug} asks for
 * it.
 */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        complain(command, message(e), e, Arrays.asList(args).contains("--debug"));
        return Main.BAD_USAGE;
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            var commands = e.getCommandLine().getSubcommands().keySet();
            if (!first.startsWith("-") && !commands.isEmpty()) {
                return "unknown command '" + first + "'; allowed are " + String.join(", ", commands);
            }
            if (first.startsWith("-")) {
                return "unknown option '" + first + "'; allowed are " + options(e.getCommandLine());
            }
            return "unexpected argument '" + first + "'";
        }
        return e.getMessage();
    }

    private static String options(CommandLine command) {
        return String.join(
                ", ",
                command.getCommandSpec().options().stream()
                        .filter(option -> !option.hidden())
                        .map(option -> option.longestName())
                        .toList());
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        RootCommand root = (RootCommand) command.getCommandSpec().root().userObject();
        complain(command, message(e), e, root.debug());
        return exitCode(e);
    }

    private static int exitCode(Exception e) {
        return switch (e) {
            case Failure failure -> failure.exitCode();
            case IllegalArgumentException _ -> Main.BAD_USAGE;
            default -> Main.CHECK_FAILED;
        };
    }

    private static String message(Exception e) {
        return switch (e) {
            case Failure failure -> failure.getMessage();
            case FormatException format -> format.getMessage();
            case UnsupportedProblemException unsupported ->
                unsupported.getMessage().lines().findFirst().orElse("").replaceAll(":$", "")
                        + "; `gamut explain` says why each one declines";
            case GamutException gamut -> gamut.getMessage();
            case IllegalArgumentException argument -> argument.getMessage();
            case IOException io -> message(io);
            default -> "unexpected " + e + "; --debug shows where";
        };
    }

    /** The messages of Java's file exceptions are mostly nothing but the file's name. */
    static String message(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + " cannot be accessed: permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Errors pass by picocli: memory that does not suffice, a class that does not load. */
    void complain(CommandLine command, Error e) {
        String message = e instanceof OutOfMemoryError
                ? "not enough memory (" + e.getMessage() + "); GAMUT_JAVA_OPTS=-Xmx8g gives it 8 GB"
                : "unexpected " + e + "; --debug shows where";
        RootCommand root = (RootCommand) command.getCommandSpec().root().userObject();
        complain(command, message, e, root.debug());
    }

    private static void complain(CommandLine command, String message, Throwable e, boolean debug) {
        PrintWriter err = command.getErr();
        String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
        err.println(command.getCommandSpec().qualifiedName() + ": " + line);
        if (debug) {
            e.printStackTrace(err);
        }
        err.flush();
    }
}
