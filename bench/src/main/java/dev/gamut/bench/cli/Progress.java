package dev.gamut.bench.cli;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error where that is a terminal, nothing elsewhere. */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 100;

    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /**
     * Starts.
     *
     * @param task what is being done
     * @param steps how many steps it has
     */
    public static Progress of(String task, long steps) {
        if (!Terminal.progress()) {
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUpdateIntervalMillis(200)
                .setMaxRenderedLength(WIDTH)
                .clearDisplayOnFinish()
                .setEtaFunction(state -> Optional.<Duration>empty())
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .build());
    }

    /** Whether a bar is drawn. */
    public boolean isShown() {
        return bar != null;
    }

    /**
     * One step is done.
     *
     * @param what it was
     */
    public void step(String what) {
        if (bar != null) {
            bar.setExtraMessage(what);
            bar.step();
        }
    }

    /**
     * Steps are done.
     *
     * @param step how many in all
     * @param what the last one was
     */
    public void reach(long step, String what) {
        if (bar != null) {
            bar.setExtraMessage(what);
            bar.stepTo(step);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
