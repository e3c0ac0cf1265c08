package dev.gamut.bench.peers.lucene;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Catches the only thing that Lucene says about its vector kernels in public: a message that it logs when it picks one. */
final class ProviderLog extends Handler {
    private static final String PACKAGE = "org.apache.lucene.internal.vectorization.";

    /** Kept here, since the log manager forgets loggers that nobody holds. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger(PACKAGE + "VectorizationProvider"),
            Logger.getLogger(PACKAGE + "PanamaVectorizationProvider"));

    private String message = "says nothing";

    /** Listens instead of the console; to be called before Lucene's vector classes are loaded. */
    void attach() {
        for (Logger logger : LOGGERS) {
            logger.setUseParentHandlers(false);
            logger.addHandler(this);
        }
    }

    /** The last message. */
    String message() {
        return message;
    }

    @Override
    public void publish(LogRecord record) {
        message = record.getMessage();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
