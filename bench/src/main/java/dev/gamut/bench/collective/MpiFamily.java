package dev.gamut.bench.collective;

import dev.gamut.placement.RankMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An MPI's launcher: by which names it goes, how it is told apart, and what it has to be told. */
public enum MpiFamily {
    /** Open MPI. */
    OPENMPI(
            "Open MPI",
            "Open MPI",
            List.of("--bind-to", "none", "--oversubscribe"),
            "--hostfile",
            "--host",
            RankMap::openMpi),
    /** MPICH and its relatives. */
    MPICH("MPICH", "HYDRA", List.of(), "-f", "-hosts", RankMap::mpich);

    private static final long VERSION_SECONDS = 20;

    private final String title;
    private final String mark;
    private final List<String> options;
    private final String fileOption;
    private final String hostOption;
    private final Function<RankMap, String> file;

    MpiFamily(
            String title,
            String mark,
            List<String> options,
            String fileOption,
            String hostOption,
            Function<RankMap, String> file) {
        this.title = title;
        this.mark = mark;
        this.options = options;
        this.fileOption = fileOption;
        this.hostOption = hostOption;
        this.file = file;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** As in names: {@code openmpi}, {@code mpich}. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Its launcher on this machine, Debian's name first, where there are several. */
    public Optional<String> launcher() {
        return List.of("mpirun." + id(), "mpirun").stream().filter(this::isIts).findFirst();
    }

    private boolean isIts(String command) {
        try {
            Process process = new ProcessBuilder(command, "--version")
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            try {
                process.onExit()
                        .orTimeout(VERSION_SECONDS, TimeUnit.SECONDS)
                        .exceptionally(e -> process.destroyForcibly());
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains(mark);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) { // how Java says that there is no such command
            return false;
        }
    }

    /**
     * What stands before the command of ranks on this host.
     *
     * @param launcher from {@link #launcher}
     * @param ranks how many
     */
    public List<String> ranks(String launcher, int ranks) {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(options);
        command.addAll(List.of("-n", Integer.toString(ranks)));
        return command;
    }

    /**
     * What stands before the command of ranks on hosts.
     *
     * @param launcher from {@link #launcher}
     * @param ranks how many
     * @param hosts a file as {@link #hostfile} gives it
     */
    public List<String> ranks(String launcher, int ranks, Path hosts) {
        List<String> command = ranks(launcher, ranks);
        command.addAll(1, List.of(fileOption, hosts.toString()));
        return command;
    }

    /**
     * What stands before a command that runs on a host once.
     *
     * @param launcher from {@link #launcher}
     * @param host its name
     */
    public List<String> on(String launcher, String host) {
        List<String> command = ranks(launcher, 1);
        command.addAll(1, List.of(hostOption, host));
        return command;
    }

    /**
     * The file that puts ranks where they are placed.
     *
     * @param map of the ranks
     */
    public String hostfile(RankMap map) {
        return file.apply(map);
    }

    /** Variables that let root start ranks, as in a container. */
    public static Map<String, String> environment() {
        return Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    }
}
