package dev.gamut.bench.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logging in the command: warnings and worse, one line each, on standard error. */
public final class Logs {
    /** Loggers are held weakly by their manager; this one must keep its level. */
    private static final Logger ROOT = Logger.getLogger("");

    private Logs() {}

    /** Warnings and worse, a line each, on standard error. */
    public static void onlyWarnings() {
        LogManager.getLogManager().reset();
        ROOT.setLevel(Level.WARNING);
        ROOT.addHandler(new OneLine());
    }

    private static final class OneLine extends Handler {
        @Override
        public void publish(LogRecord event) {
            if (isLoggable(event)) {
                Throwable thrown = event.getThrown();
                System.err.println("gamut: " + event.getMessage() + (thrown == null ? "" : ": " + thrown));
            }
        }

        @Override
        public void flush() {
            System.err.flush();
        }

        @Override
        public void close() {}
    }
}
