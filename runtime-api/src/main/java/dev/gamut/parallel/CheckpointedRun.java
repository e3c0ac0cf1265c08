package dev.gamut.parallel;

import dev.gamut.Communicators;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.error.RankFailureException;
import dev.gamut.io.Checkpoint;
import dev.gamut.io.CheckpointWriter;
import dev.gamut.io.Shard;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Runs a {@link CheckpointedWork} to its end on all ranks that were started, whatever happens to some of them. Its state is saved every few
 * steps while it computes. When ranks are missing, the others share the work out anew and go on from the last checkpoint, where the engine
 * has groups of survivors (threads; MPI with ULFM); elsewhere the {@link RankFailureException} leaves {@link #run}, and a supervisor such as
 * {@code gamut run} starts the program again, which goes on in the same way. So at most {@link #every} steps are computed twice, those besides
 * whose checkpoint was not complete yet. What happened is in the {@link RunJournal}. Immutable.
 */
public final class CheckpointedRun {
    private static final System.Logger LOG = System.getLogger("dev.gamut");

    /** Bytes a second that a file system or a network brings each rank when all ask for theirs at once, at the least. */
    private static final double SLOWEST = 10e6;

    private static final Duration ENDLESS = Duration.ofDays(1_000);

    private final Path folder;
    private final int every;
    private final int copies;
    private final int keep;
    private final long memory;
    private final Duration deadline;

    private CheckpointedRun(Path folder, int every, int copies, int keep, long memory, Duration deadline) {
        this.folder = folder;
        this.every = every;
        this.copies = copies;
        this.keep = keep;
        this.memory = memory;
        this.deadline = deadline;
    }

    /**
     * A run that saves every 10 steps, keeps 2 checkpoints, has 64 MiB of each rank for what waits for the disk, and misses ranks after
     * 30 s.
     *
     * @param folder for its checkpoints alone, made where it is missing; all ranks see it
     */
    public static CheckpointedRun in(Path folder) {
        return new CheckpointedRun(folder, 10, 0, 2, 64 << 20, Duration.ofSeconds(30));
    }

    /**
     * A run whose folder is the caller's to name, by the system property {@code gamut.checkpoints} or the environment variable {@code
     * GAMUT_CHECKPOINTS}, as {@code gamut run} does.
     *
     * @throws IllegalStateException if neither is set
     */
    public static CheckpointedRun supervised() {
        return in(Path.of(Optional.ofNullable(System.getProperty("gamut.checkpoints"))
                .or(() -> Optional.ofNullable(System.getenv("GAMUT_CHECKPOINTS")))
                .orElseThrow(() -> new IllegalStateException(
                        "no folder for checkpoints is given: start it by gamut run, or set gamut.checkpoints"))));
    }

    /**
     * How often the state is saved.
     *
     * @param steps at least 1
     * @return the same with that
     */
    public CheckpointedRun every(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + ", must be at least 1");
        }
        return new CheckpointedRun(folder, steps, copies, keep, memory, deadline);
    }

    /**
     * How often each rank gives a copy of its parts to another one, on another host where all ranks can have one there. Survivors of ranks of which
     * no two had each other's parts go on from the last copies, so that at most so many steps are computed twice; where others are missing
     * too, or the program starts again, from the last checkpoint. Copies are made between two steps, and take twice the memory of a rank's
     * parts, twice as much again for a moment.
     *
     * @param steps at least 1; 0, unless set, for no copies
     * @return the same with that
     */
    public CheckpointedRun copies(int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("steps is " + steps + ", must be at least 0");
        }
        return new CheckpointedRun(folder, every, steps, keep, memory, deadline);
    }

    /**
     * How many checkpoints stay.
     *
     * @param checkpoints at least 1
     * @return the same with that
     */
    public CheckpointedRun keep(int checkpoints) {
        if (checkpoints < 1) {
            throw new IllegalArgumentException("checkpoints is " + checkpoints + ", must be at least 1");
        }
        return new CheckpointedRun(folder, every, copies, checkpoints, memory, deadline);
    }

    /**
     * What waits for the disk.
     *
     * @param bytes of each rank; where its parts are larger, saving waits for the disk
     * @return the same with that
     */
    public CheckpointedRun memory(long bytes) {
        return new CheckpointedRun(folder, every, copies, keep, bytes, deadline);
    }

    /**
     * How long ranks wait for others, longer than the longest step may take. While parts are loaded, saved or copied they wait longer by
     * what the largest rank's parts take at 10 MB/s.
     *
     * @param longest above 0
     * @return the same with that
     */
    public CheckpointedRun deadline(Duration longest) {
        return new CheckpointedRun(folder, every, copies, keep, memory, longest);
    }

    /**
     * Runs to the end, from where an earlier call on the same folder came to.
     *
     * @param steps of the whole computation
     * @param start begins it
     * @throws RuntimeException as {@link Communicators#run}, if no rank of this process came to the end
     */
    public void run(long steps, CheckpointedWork.Start start) {
        Set<Integer> finished = ConcurrentHashMap.newKeySet();
        Set<Integer> unfinished = ConcurrentHashMap.newKeySet();
        try {
            Communicators.run(ranks -> {
                Rank rank = new Rank(ranks, steps, start);
                try {
                    rank.run();
                    finished.add(ranks.rank());
                } finally {
                    if (rank.finishing) {
                        unfinished.add(ranks.rank());
                    }
                }
            });
        } catch (RuntimeException e) {
            // What a rank threw that was to finish is no failure that others went on from.
            if (finished.isEmpty() || !unfinished.isEmpty()) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "the run is complete, though ranks ended before: " + e.getMessage());
        }
    }

    /** One rank's side. */
    private final class Rank {
        private final long steps;
        private final CheckpointedWork.Start start;
        private final BuddyCopies buddies = new BuddyCopies();
        private final Communicator started;
        private Communicator ranks;
        private Set<String> saves;
        private RunJournal.Failure failure;
        private boolean finishing;

        /** The deadline where a rank's parts are on their way. */
        private Duration moving;

        Rank(Communicator ranks, long steps, CheckpointedWork.Start start) {
            this.started = ranks;
            this.ranks = ranks;
            this.steps = steps;
            this.start = start;
            failure = Optional.ofNullable(System.getProperty("gamut.run.failure"))
                    .map(RunJournal.Failure::parse)
                    .orElse(RunJournal.Failure.NONE);
        }

        void run() throws Exception {
            ranks.deadline(deadline);
            try {
                while (true) {
                    try {
                        attempt();
                        return;
                    } catch (RankFailureException e) {
                        finishing = false;
                        failure = RunJournal.Failure.now(e.getMessage());
                        LOG.log(System.Logger.Level.INFO, () -> "rank " + ranks.rank() + ": " + e.getMessage());
                        Communicator failed = ranks;
                        ranks = survivors(e);
                        close(failed);
                    }
                }
            } finally {
                close(ranks);
            }
        }

        /** Those that were started with are their maker's to close. */
        private void close(Communicator group) {
            if (group != started) {
                group.close();
            }
        }

        private Communicator survivors(RankFailureException e) {
            try {
                Communicator left = ranks.shrink();
                left.deadline(deadline);
                return left;
            } catch (UnsupportedOperationException none) {
                throw e;
            }
        }

        private boolean leads() {
            return ranks.rank() == 0;
        }

        private void attempt() throws Exception {
            long run = fromLead(this::nextRun)[0];
            CheckpointedWork work = start.on(ranks);
            moving = moving(work.state());
            ranks.deadline(moving);
            long from = restore(work);
            saves = saves(work.state());
            try (CheckpointWriter writer = new CheckpointWriter(folder, ranks.rank(), ranks.size(), run, keep, memory);
                    RunJournal.Writer journal =
                            leads() ? new RunJournal.Writer(folder, run, ranks.size(), from, failure) : null) {
                ranks.barrier(); // the attempt's number is noted before anybody writes under it
                for (long step = from; step < steps; step++) {
                    boolean saving = step > from && step % every == 0;
                    boolean copying = step > from && copies > 0 && step % copies == 0;
                    ranks.deadline(saving || copying ? moving : deadline);
                    if (Thread.interrupted()) {
                        throw new InterruptedException("the thread of rank " + ranks.rank() + " was interrupted");
                    }
                    if (saving) {
                        writer.save(step, own(work.state()));
                    }
                    if (copying) {
                        buddies.take(ranks, run, step, own(work.state()));
                    }
                    work.step(step);
                    if (journal != null) {
                        journal.step(step + 1);
                    }
                }
                ranks.deadline(moving);
                if (from < steps) {
                    writer.save(steps, own(work.state()));
                    writer.await();
                }
                ranks.barrier();
            }
            finishing = true;
            work.finish();
            finishing = false;
            if (allFinish() && leads()) {
                RunJournal.finish(folder);
            }
        }

        /** Whether all ranks come so far; they may take as long as they like. */
        private boolean allFinish() {
            ranks.deadline(ENDLESS);
            try {
                ranks.barrier();
                return true;
            } catch (RankFailureException e) {
                LOG.log(System.Logger.Level.DEBUG, "a rank was to finish", e);
                return false;
            }
        }

        private Duration moving(Map<String, Shard> state) {
            long[] bytes = {
                state.values().stream()
                        .map(Shard::part)
                        .mapToLong(part -> part.dtype().bytes(part.layout().size()))
                        .sum()
            };
            ranks.allReduce(Tensor.of(bytes, DType.I64, Layout.rowMajor(1), 0), Combine.MAX);
            return deadline.plusMillis((long) (bytes[0] / SLOWEST * 1e3));
        }

        /** Attempts are numbered, so that files of one that died never complete a checkpoint of another. */
        private long[] nextRun() throws IOException {
            Files.createDirectories(folder);
            RunJournal.setAside(folder)
                    .ifPresent(damage ->
                            LOG.log(System.Logger.Level.WARNING, "the journal is begun anew: " + damage.getMessage()));
            long last = RunJournal.read(folder).map(RunJournal::run).orElse(0L);
            return new long[] {1 + Math.max(last, Checkpoint.lastRun(folder))};
        }

        private interface Numbers {
            long[] get() throws IOException;
        }

        /** What the lead finds, on all ranks: up to two numbers. */
        private long[] fromLead(Numbers found) throws IOException {
            long[] numbers = new long[2];
            if (leads()) {
                long[] own = found.get();
                System.arraycopy(own, 0, numbers, 0, own.length);
            }
            ranks.broadcast(Tensor.of(numbers, DType.I64, Layout.rowMajor(numbers.length), 0), 0);
            return numbers;
        }

        /** Loads the last copies or, if that is later, the last checkpoint. */
        private long restore(CheckpointedWork work) throws IOException {
            List<Path> all = leads() ? Checkpoint.list(folder).reversed() : List.of();
            long saved = fromLead(() -> all.isEmpty() ? new long[2] : Checkpoint.stepAndRun(all.getFirst()))[0];
            long copied = copies > 0 ? buddies.restore(ranks, work, saved) : -1;
            if (copied < 0) {
                return load(work, all);
            }
            work.loaded();
            return copied;
        }

        /** Loads the last checkpoint that all ranks can load; those before are for bytes that have changed since. */
        private long load(CheckpointedWork work, List<Path> all) throws IOException {
            long count = fromLead(() -> new long[] {all.size()})[0];
            FormatException damaged = null;
            for (int i = 0; i < count; i++) {
                int next = i;
                long[] which = fromLead(() -> Checkpoint.stepAndRun(all.get(next)));
                FormatException problem = load(work, which);
                int[] right = {problem == null ? 1 : 0};
                ranks.allReduce(Tensor.of(right, DType.I32, Layout.rowMajor(1), 0), Combine.MIN);
                if (right[0] == 1) {
                    work.loaded();
                    return which[0];
                }
                damaged = problem == null ? damaged : problem;
                if (problem != null) {
                    LOG.log(System.Logger.Level.WARNING, "a checkpoint is passed over: " + problem.getMessage());
                }
            }
            if (count > 0) {
                throw damaged != null
                        ? damaged
                        : new FormatException(folder, 0, "there is no checkpoint that all ranks can load");
            }
            return 0;
        }

        private FormatException load(CheckpointedWork work, long[] which) throws IOException {
            try {
                Checkpoint found = Checkpoint.open(folder, which[0], which[1]);
                for (Map.Entry<String, Shard> each : work.state().entrySet()) {
                    found.load(
                            each.getKey(),
                            each.getValue().part(),
                            each.getValue().from());
                }
                return null;
            } catch (FormatException e) {
                return e;
            }
        }

        /** What this rank saves: its parts, and its share of what several ranks have whole. */
        private Map<String, Shard> own(Map<String, Shard> state) {
            Map<String, Shard> own = new HashMap<>(state);
            own.entrySet().removeIf(each -> isWhole(each.getValue()) && !saves.contains(each.getKey()));
            return own;
        }

        /** What is whole here and this rank's to save: one of those that have it does, by the name's hash, as maps have no order. */
        private Set<String> saves(Map<String, Shard> state) {
            byte[] own = state.entrySet().stream()
                    .filter(each -> isWhole(each.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining("\0"))
                    .getBytes(StandardCharsets.UTF_8);
            long[] sizes = new long[ranks.size()];
            ranks.allGather(
                    Tensor.of(new long[] {own.length}, DType.I64, Layout.rowMajor(1), 0),
                    Tensor.of(sizes, DType.I64, Layout.rowMajor(sizes.length), 0));
            Map<String, List<Integer>> holders = new HashMap<>();
            for (int rank = 0; rank < sizes.length; rank++) {
                if (sizes[rank] > 0) {
                    byte[] theirs = rank == ranks.rank() ? own : new byte[(int) sizes[rank]];
                    ranks.broadcast(Tensor.of(theirs, DType.U8, Layout.rowMajor(theirs.length), 0), rank);
                    for (String name : new String(theirs, StandardCharsets.UTF_8).split("\0")) {
                        holders.computeIfAbsent(name, any -> new ArrayList<>()).add(rank);
                    }
                }
            }
            Set<String> chosen = new HashSet<>();
            holders.forEach((name, of) -> {
                if (of.get(Math.floorMod(name.hashCode(), of.size())) == ranks.rank()) {
                    chosen.add(name);
                }
            });
            return chosen;
        }

        private static boolean isWhole(Shard shard) {
            return Arrays.equals(shard.whole(), shard.part().layout().shape());
        }
    }
}
