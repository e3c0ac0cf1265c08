package dev.gamut.bench.cli;

import dev.gamut.bench.collective.MpiFamily;
import dev.gamut.bench.run.Job;
import dev.gamut.bench.run.Launcher;
import dev.gamut.bench.run.Supervisor;
import dev.gamut.parallel.RunJournal.Recovery;
import dev.gamut.topology.Topology;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gamut run}: a program of several ranks to its end, started again from its last checkpoint where ranks fail. */
@Command(
        name = "run",
        description = {
            "Runs the main method of a class on several ranks, threads of one process or processes of an MPI, and starts it again where it"
                    + " fails: a program that goes through its steps by CheckpointedRun goes on from its last checkpoint.",
            "Ranks on hosts are placed by dev.gamut.placement; hosts that do not answer after a failure get none. Says how long each"
                    + " failure took to be noticed and to be recovered from, and which work was lost. It fails where the program does, or comes"
                    + " no further than it was, --tries times in succession."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Number of ranks (default: as many as the hosts have room for; 1 without hosts).")
    private Integer ranks;

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "HOST[:RANKS]",
            description =
                    "Hosts, between commas, and how many ranks may run on each (default: as many as are needed, evenly).")
    private List<String> nodes = List.of();

    @Option(
            names = "--topology",
            paramLabel = "FILE",
            description =
                    "Hosts with what is between them: a topology's text; hosts are what fails as a whole, capacity is ranks.")
    private Path topology;

    @Option(
            names = "--launcher",
            paramLabel = "threads|openmpi|mpich",
            description = "What starts ranks (default: threads; for hosts the MPI whose mpirun is found first).")
    private Kind kind;

    @Option(
            names = "--checkpoints",
            required = true,
            paramLabel = "DIR",
            description = "Where checkpoints are, which all ranks can see; a run that was begun there goes on.")
    private Path checkpoints;

    @Option(names = "--class-path", paramLabel = "PATH", description = "Where the class is, besides Gamut's own jars.")
    private String classPath;

    @Option(
            names = "--tries",
            defaultValue = "3",
            paramLabel = "N",
            description =
                    "Starts in succession that may come no further than the one before (default: ${DEFAULT-VALUE}).")
    private int tries;

    @Option(
            names = "--patience",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description = "How long a program may make no step before it is ended (default: ${DEFAULT-VALUE}).")
    private long patience;

    @Parameters(arity = "1..*", paramLabel = "CLASS [ARG...]", description = "After --: the class and its arguments.")
    private List<String> program;

    @Mixin
    private JsonOption json;

    /** What starts ranks. */
    private enum Kind {
        THREADS,
        OPENMPI,
        MPICH
    }

    @Override
    public Integer call() throws IOException {
        json.check();
        require(ranks == null || ranks >= 1 && ranks <= 1_024, "--ranks is " + ranks + "; allowed are 1 to 1024");
        require(tries >= 1, "--tries is " + tries + "; it must be at least 1");
        require(patience >= 1, "--patience is " + patience + "; it must be at least 1");
        require(nodes.isEmpty() || topology == null, "--nodes and --topology are given; one of them names the hosts");
        require(
                kind != Kind.THREADS || nodes.isEmpty() && topology == null,
                "--launcher is threads; ranks on hosts need openmpi or mpich");
        require(
                !Files.exists(checkpoints) || Files.isDirectory(checkpoints),
                "--checkpoints is " + checkpoints + ", a file; a directory is needed");
        PrintWriter err = spec.commandLine().getErr();
        try (Launcher launcher = launcher()) {
            Supervisor supervisor = new Supervisor(
                    launcher,
                    command(launcher),
                    checkpoints,
                    tries,
                    Duration.ofSeconds(patience),
                    json.replacesText(),
                    line -> err.println("gamut run: " + line));
            long begun = System.nanoTime();
            Supervisor.Outcome outcome = supervisor.run();
            json.write(
                    asJson(outcome, (System.nanoTime() - begun) / 1e9),
                    spec.commandLine().getOut());
            if (outcome.complaint().isEmpty()) {
                return Main.DONE;
            }
            String complaint =
                    program.getFirst() + " was given up: " + outcome.complaint().get();
            throw outcome.status() == Main.BAD_USAGE ? Failure.usage(complaint) : Failure.data(complaint, null);
        }
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw Failure.usage(complaint);
        }
    }

    private Launcher launcher() throws IOException {
        Optional<Topology> hosts = hosts();
        if (hosts.isEmpty() && (kind == null || kind == Kind.THREADS)) {
            return new Launcher.Threads(ranks == null ? 1 : ranks);
        }
        List<MpiFamily> families = Arrays.stream(MpiFamily.values())
                .filter(family -> kind == null || family.name().equals(kind.name()))
                .toList();
        for (MpiFamily family : families) {
            Optional<String> command = family.launcher();
            if (command.isPresent()) {
                return hosts.isEmpty()
                        ? new Launcher.Here(family, command.get(), ranks == null ? 1 : ranks)
                        : new Launcher.Hosts(family, command.get(), hosts.get(), ranksOn(hosts.get()));
            }
        }
        throw Failure.data(
                "there is no mpirun of "
                        + String.join(
                                " or ", families.stream().map(MpiFamily::title).toList()),
                null);
    }

    private int ranksOn(Topology hosts) {
        double room = IntStream.range(0, hosts.places())
                .mapToDouble(place -> hosts.resources(place).capacity())
                .sum();
        return ranks == null ? (int) Math.min(1_024, room) : ranks;
    }

    private Optional<Topology> hosts() throws IOException {
        if (topology != null) {
            require(Files.isReadable(topology), "--topology is " + topology + ", which is no readable file");
            return Optional.of(Topology.read(topology));
        }
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        int even = ranks == null ? 1 : (ranks + nodes.size() - 1) / nodes.size();
        Map<String, Integer> room = new LinkedHashMap<>();
        for (String node : nodes) {
            int colon = node.lastIndexOf(':');
            String host = colon < 0 ? node : node.substring(0, colon);
            require(!host.isBlank(), "--nodes has '" + node + "', which names no host");
            require(
                    room.put(host, colon < 0 ? even : slots(node, node.substring(colon + 1))) == null,
                    "--nodes names " + host + " twice");
        }
        return Optional.of(Launcher.topology(room));
    }

    private static int slots(String node, String text) {
        try {
            int slots = Integer.parseInt(text);
            if (slots >= 1) {
                return slots;
            }
        } catch (NumberFormatException e) {
            throw Failure.usage("--nodes has '" + node + "'; '" + text + "' is no number of ranks");
        }
        throw Failure.usage("--nodes has '" + node + "'; a host takes at least 1 rank");
    }

    /** The JVM as this one was started, since the launcher knows which flags Gamut needs. */
    private List<String> command(Launcher launcher) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Dgamut.peers=")
                        && !flag.startsWith("-Dgamut.arm64=")
                        && !flag.startsWith("-Dgamut.llvm="))
                .forEach(command::add);
        if (!(launcher instanceof Launcher.Threads)
                && System.getProperty("gamut.threads") == null
                && System.getenv("GAMUT_THREADS") == null) {
            int most = launcher.hosts().values().stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(launcher.ranks());
            command.add(
                    "-Dgamut.threads=" + Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, most)));
        }
        RootCommand root = (RootCommand) spec.root().userObject();
        command.add("-Dgamut.debug=" + root.debug());
        command.addAll(List.of(
                "-cp",
                Stream.of(Optional.ofNullable(classPath), Optional.of(System.getProperty("java.class.path")))
                        .flatMap(Optional::stream)
                        .reduce((a, b) -> a + File.pathSeparator + b)
                        .orElseThrow(),
                Job.class.getName()));
        command.addAll(program);
        return command;
    }

    private Map<String, Object> asJson(Supervisor.Outcome outcome, double seconds) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("class", program.getFirst());
        all.put("done", outcome.complaint().isEmpty());
        all.put("seconds", seconds);
        all.put("launches", outcome.launches());
        all.put(
                "recoveries",
                outcome.recoveries().stream().map(RunCommand::asJson).toList());
        return all;
    }

    private static Map<String, Object> asJson(Recovery recovery) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("cause", recovery.cause());
        all.put("ranks", recovery.ranks());
        all.put("reached", recovery.reached());
        all.put("resumed", recovery.resumed());
        all.put("detection_seconds", recovery.detection().toMillis() / 1e3);
        all.put("recovery_seconds", recovery.recovery().toMillis() / 1e3);
        all.put("lost_steps", recovery.lostSteps());
        all.put("lost_seconds", recovery.lost().toMillis() / 1e3);
        return all;
    }
}
