package dev.gamut.bench.run;

import dev.gamut.bench.collective.MpiFamily;
import dev.gamut.error.FormatException;
import dev.gamut.parallel.RunJournal;
import dev.gamut.parallel.RunJournal.Recovery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts a program, watches it and its {@link RunJournal}, and starts it again when it fails, until it ends well or comes no further. A
 * program that makes no step for too long is ended first.
 */
public final class Supervisor {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final long GRACE_SECONDS = 5;

    private final Launcher launcher;
    private final List<String> program;
    private final Path checkpoints;
    private final int tries;
    private final Duration patience;
    private final boolean quiet;
    private final Consumer<String> says;

    private final List<Launch> launches = new ArrayList<>();
    private final List<Recovery> recoveries = new ArrayList<>();
    private int told;
    private Process running;
    private boolean stopping;

    /**
     * One start of the program.
     *
     * @param ranks how many
     * @param hosts and how many ranks were on each; empty for this host alone
     * @param status of the process; -1 where it was ended as it made no step
     * @param seconds that it ran
     * @param step that the run had reached when it ended
     */
    public record Launch(int ranks, Map<String, Integer> hosts, int status, double seconds, long step) {}

    /**
     * What came of it.
     *
     * @param complaint why it was given up; empty where the program ended well
     * @param status of the last process
     * @param launches one or more
     * @param recoveries of this call
     */
    public record Outcome(Optional<String> complaint, int status, List<Launch> launches, List<Recovery> recoveries) {}

    /**
     * A program to be run.
     *
     * @param launcher starts its ranks
     * @param program JVM, options, class and arguments
     * @param checkpoints the folder of its {@link dev.gamut.parallel.CheckpointedRun}
     * @param tries starts in succession that may come no further than those before
     * @param patience how long it may make no step
     * @param quiet whether its standard output becomes standard error
     * @param says told what happens, a line each
     */
    public Supervisor(
            Launcher launcher,
            List<String> program,
            Path checkpoints,
            int tries,
            Duration patience,
            boolean quiet,
            Consumer<String> says) {
        this.launcher = launcher;
        this.program = List.copyOf(program);
        this.checkpoints = checkpoints;
        this.tries = tries;
        this.patience = patience;
        this.quiet = quiet;
        this.says = says;
    }

    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(MpiFamily.environment());
        // Open MPI gives the other ranks two seconds to end by themselves, in which they would wait for the one that is
        // gone.
        builder.environment().putIfAbsent("OMPI_MCA_odls_base_sigkill_timeout", "0");
        return builder;
    }

    /** Ends a process and all below it: MPI's launchers end the ranks on other hosts when they are asked to end. */
    static void end(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        if (process.isAlive()) {
            process.destroy();
            try {
                process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        below.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * Runs it to the end.
     *
     * @throws IOException if it cannot be started, or its journal cannot be read
     */
    public Outcome run() throws IOException {
        Thread end = new Thread(this::stop, "gamut-run-end");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            told = journal().map(j -> j.recoveries().size()).orElse(0);
            return supervised();
        } finally {
            synchronized (this) {
                if (!stopping) {
                    Runtime.getRuntime().removeShutdownHook(end);
                }
            }
        }
    }

    /** This process is ending: so does the program, and none is started any more. */
    private void stop() {
        Process last;
        synchronized (this) {
            stopping = true;
            last = running;
        }
        if (last != null) {
            end(last);
        }
    }

    /** Starts a process, unless this one is ending, in which case what follows does not matter. */
    private synchronized Process start(ProcessBuilder builder) throws IOException {
        if (stopping) {
            throw new IOException("gamut run was ended");
        }
        running = builder.start();
        return running;
    }

    private synchronized void ended() {
        running = null;
    }

    private Outcome supervised() throws IOException {
        String failure = null;
        long furthest = journal().map(RunJournal::step).orElse(0L);
        int inVain = 0;
        while (true) {
            int ranks = launcher.ranks();
            if (ranks == 0) {
                return outcome("no host answers any more", Job.FAILED);
            }
            long before = journal().map(RunJournal::run).orElse(0L);
            Launch launch = launch(failure);
            launches.add(launch);
            if (launch.status == 0) {
                return outcome(null, 0);
            }
            // Launchers complain of what processes do after their end, MPICH's between hosts more often than not.
            if (journal().filter(j -> j.isFinished() && j.run() > before).isPresent()) {
                says.accept("launch " + launches.size() + " ended with status " + launch.status
                        + " after all ranks had finished: the run is complete");
                return outcome(null, 0);
            }
            long noticed = System.currentTimeMillis();
            String cause = "launch " + launches.size()
                    + (launch.status < 0
                            ? " made no step for " + patience.toSeconds() + " s"
                            : " ended with status " + launch.status);
            if (launch.status == Job.BAD_USAGE) {
                return outcome("the program was called wrongly", launch.status);
            }
            inVain = launch.step > furthest ? 0 : inVain + 1;
            furthest = Math.max(furthest, launch.step);
            if (inVain == tries) {
                return outcome(
                        cause + ", as did " + (tries - 1) + " before, no further than step " + furthest, launch.status);
            }
            says.accept(cause + " at step " + launch.step + "; it is started again");
            launcher.look();
            failure = noticed + " " + cause;
        }
    }

    private Outcome outcome(String complaint, int status) throws IOException {
        tellRecoveries();
        return new Outcome(Optional.ofNullable(complaint), status, List.copyOf(launches), List.copyOf(recoveries));
    }

    /** What there is of it: one that cannot be read, perhaps as it is being written, tells nothing, and the program begins it anew. */
    private Optional<RunJournal> journal() throws IOException {
        try {
            return RunJournal.read(checkpoints);
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private Launch launch(String failure) throws IOException {
        List<String> command = new ArrayList<>(launcher.prefix());
        command.add(program.getFirst());
        command.add("-Dgamut.checkpoints=" + checkpoints.toAbsolutePath());
        command.add("-Dgamut.ranks=" + launcher.ranks());
        if (failure != null) {
            command.add("-Dgamut.run.failure=" + failure);
        }
        command.addAll(program.subList(1, program.size()));
        ProcessBuilder builder = builder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (!quiet) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        long begun = System.nanoTime();
        Process process = start(builder);
        try {
            if (quiet) {
                Thread.startVirtualThread(() -> copy(process.getInputStream()));
            }
            int status = await(process);
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Launch(
                    launcher.ranks(),
                    launcher.hosts(),
                    status,
                    seconds,
                    journal().map(RunJournal::step).orElse(0L));
        } finally {
            end(process);
            ended();
        }
    }

    private static void copy(InputStream in) {
        try (in) {
            in.transferTo(System.err);
        } catch (IOException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "the program's output", e);
        }
    }

    /** Waits for the end; -1 where it makes no step. */
    private int await(Process process) throws IOException {
        long seen = -1;
        long since = System.nanoTime();
        try {
            while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                long step = tellRecoveries();
                since = step == seen ? since : System.nanoTime();
                seen = step;
                if (System.nanoTime() - since > patience.toNanos()) {
                    return -1;
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("gamut run was interrupted", e);
        }
    }

    private long tellRecoveries() throws IOException {
        Optional<RunJournal> journal = journal();
        List<Recovery> all = journal.map(RunJournal::recoveries).orElse(List.of());
        for (; told < all.size(); told++) {
            Recovery recovery = all.get(told);
            // The first launch of this call goes on after an earlier one, which is no failure of it.
            if (!launches.isEmpty() || !recovery.cause().equals(RunJournal.BEGINS)) {
                recoveries.add(recovery);
                says.accept(recovery.toString());
            }
        }
        return journal.map(RunJournal::step).orElse(-1L);
    }
}
