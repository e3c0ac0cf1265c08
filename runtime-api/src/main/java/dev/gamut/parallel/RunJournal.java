package dev.gamut.parallel;

import dev.gamut.error.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a {@link CheckpointedRun} is and what it recovered from: the file {@code journal} beside its checkpoints. Rank 0 writes its first line
 * after each step, without asking the disk for anything, and a line more whenever ranks begin, at first or again, and when all have finished.
 * Times are of the hosts' clocks. Immutable.
 */
public final class RunJournal {
    private static final String NAME = "journal";
    private static final String HEAD = "step %18d at %18d ms\n";
    private static final Pattern STEP = Pattern.compile("step +(\\d+) at +(\\d+) ms\n");
    private static final Pattern BEGIN = Pattern.compile(
            "run=(\\d+) ranks=(\\d+) from=(\\d+) at=(\\d+) noticed=(\\d+) reached=(\\d+) last=(\\d+) because=(.*)\n");

    private static final String FINISHED = "finished\n";

    /** The cause of what is no failure: a run that is begun, or gone on with, by nobody that noticed one. */
    public static final String BEGINS = "it begins";

    private final long step;
    private final long millis;
    private final List<Begin> begins;
    private final boolean finished;

    /** Ranks begin at a step; before, others had reached one, and at some time it was noticed that they failed (0 for the first). */
    private record Begin(
            long run, int ranks, long from, long at, long noticed, long reached, long last, String because) {}

    /**
     * Ranks that failed, and how others went on.
     *
     * @param cause what was noticed
     * @param ranks how many went on
     * @param reached steps that had been done
     * @param resumed steps that were not lost
     * @param detection from the last step that was done to when the failure was noticed: at most a step longer than that took
     * @param recovery from then to when the ranks computed again
     * @param lost what computing the steps that were lost had taken
     */
    public record Recovery(
            String cause, int ranks, long reached, long resumed, Duration detection, Duration recovery, Duration lost) {
        /** Steps that are computed again. */
        public long lostSteps() {
            return reached - resumed;
        }

        /** For people, on one line. */
        @Override
        public String toString() {
            return String.format(
                    java.util.Locale.ROOT,
                    "%s: noticed within %.2f s at step %d, %d ranks computed again %.2f s later from step %d, %d steps (%.2f s) lost",
                    cause,
                    detection.toMillis() / 1e3,
                    reached,
                    ranks,
                    recovery.toMillis() / 1e3,
                    resumed,
                    lostSteps(),
                    lost.toMillis() / 1e3);
        }
    }

    private RunJournal(long step, long millis, List<Begin> begins, boolean finished) {
        this.step = step;
        this.millis = millis;
        this.begins = List.copyOf(begins);
        this.finished = finished;
    }

    /**
     * Reads the journal of a run, which may be under way.
     *
     * @param folder of its checkpoints
     * @return empty where no ranks have begun yet
     * @throws FormatException if it is none
     * @throws IOException if it cannot be read
     */
    public static Optional<RunJournal> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Matcher head = STEP.matcher(text);
        if (text.indexOf('\n') == text.length() - 1) { // nothing, or nobody has begun
            return Optional.empty();
        }
        if (!head.lookingAt()) {
            throw new FormatException(file, 0, "the first line does not say which step was done");
        }
        List<Begin> begins = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        boolean finished = false;
        int at = head.end();
        // A line that is being written has no end yet.
        for (int end = text.indexOf('\n', at) + 1; end > 0; at = end, end = text.indexOf('\n', at) + 1) {
            finished = text.startsWith(FINISHED, at);
            if (finished) {
                continue;
            }
            if (!begin.region(at, end).matches()) {
                throw new FormatException(file, at, "the line does not say which ranks began where");
            }
            begins.add(new Begin(
                    Long.parseLong(begin.group(1)),
                    Integer.parseInt(begin.group(2)),
                    Long.parseLong(begin.group(3)),
                    Long.parseLong(begin.group(4)),
                    Long.parseLong(begin.group(5)),
                    Long.parseLong(begin.group(6)),
                    Long.parseLong(begin.group(7)),
                    begin.group(8)));
        }
        return Optional.of(
                new RunJournal(Long.parseLong(head.group(1)), Long.parseLong(head.group(2)), begins, finished));
    }

    /**
     * Puts a journal that cannot be read out of the way, as {@code journal.damaged}: checkpoints tell all that a run needs to go on.
     *
     * @param folder of the checkpoints
     * @return why it cannot; empty where it can, or there is none
     * @throws IOException if it can neither be read nor moved
     */
    static Optional<FormatException> setAside(Path folder) throws IOException {
        try {
            read(folder);
            return Optional.empty();
        } catch (FormatException e) {
            Files.move(folder.resolve(NAME), folder.resolve(NAME + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(e);
        }
    }

    /** Steps that are done. */
    public long step() {
        return step;
    }

    /** When the last one was, or the ranks began, in milliseconds since 1970. */
    public long millis() {
        return millis;
    }

    /** Whether all ranks of the last attempt have finished. */
    public boolean isFinished() {
        return finished;
    }

    /** Notes that all ranks have finished. */
    static void finish(Path folder) throws IOException {
        Files.writeString(folder.resolve(NAME), FINISHED, StandardOpenOption.APPEND);
    }

    /** The number of the last attempt. */
    public long run() {
        return begins.isEmpty() ? 0 : begins.getLast().run;
    }

    /** What was recovered from, oldest first. */
    public List<Recovery> recoveries() {
        List<Recovery> all = new ArrayList<>();
        for (int i = 1; i < begins.size(); i++) {
            Begin before = begins.get(i - 1);
            Begin begin = begins.get(i);
            double each = begin.reached == before.from
                    ? 0
                    : (double) (begin.last - before.at) / (begin.reached - before.from);
            all.add(new Recovery(
                    begin.because,
                    begin.ranks,
                    begin.reached,
                    begin.from,
                    Duration.ofMillis(begin.noticed - begin.last),
                    Duration.ofMillis(begin.at - begin.noticed),
                    Duration.ofMillis(Math.round(each * (begin.reached - begin.from)))));
        }
        return all;
    }

    /** Rank 0's pen. */
    static final class Writer implements AutoCloseable {
        private final FileChannel channel;

        /**
         * Notes that ranks begin.
         *
         * @param folder of the checkpoints
         * @param run number of the attempt
         * @param ranks how many
         * @param from steps that are done
         * @param failure why others do not go on
         */
        Writer(Path folder, long run, int ranks, long from, Failure failure) throws IOException {
            Optional<RunJournal> before = read(folder);
            long now = System.currentTimeMillis();
            channel = FileChannel.open(
                    folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            try {
                long reached = before.map(RunJournal::step).orElse(from);
                long last = before.map(RunJournal::millis).orElse(now);
                String line = String.format(
                        Locale.ROOT,
                        "run=%d ranks=%d from=%d at=%d noticed=%d reached=%d last=%d because=%s\n",
                        run,
                        ranks,
                        from,
                        now,
                        Math.max(last, failure.millis),
                        reached,
                        last,
                        failure.cause);
                step(from, now);
                write(line, channel.size());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        /** A step is done. */
        void step(long done) throws IOException {
            step(done, System.currentTimeMillis());
        }

        private void step(long done, long millis) throws IOException {
            write(String.format(Locale.ROOT, HEAD, done, millis), 0);
        }

        private void write(String text, long at) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes, at + bytes.position());
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * A failure that was noticed.
     *
     * @param millis when, since 1970
     * @param cause on one line
     */
    record Failure(long millis, String cause) {
        /** At the beginning. */
        static final Failure NONE = new Failure(0, BEGINS);

        /** Noticed now. */
        static Failure now(String cause) {
            return new Failure(
                    System.currentTimeMillis(),
                    cause.lines().findFirst().orElse("").strip());
        }

        /** As a supervisor passes it on: the time, a blank and the cause. */
        static Failure parse(String text) {
            String[] parts = text.split(" ", 2);
            try {
                return new Failure(Long.parseLong(parts[0]), parts.length == 1 ? "" : parts[1]);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "gamut.run.failure is '" + text + "'; milliseconds since 1970 and a cause are needed", e);
            }
        }
    }
}
