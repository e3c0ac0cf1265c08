package dev.gamut.bench.gate;

import dev.gamut.bench.collective.MpiFamily;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A row of the gate whose ranks are processes: started by the mpirun of its peer's MPI, they run {@link MpiSides}, or between two hosts
 * {@link NetSides}.
 *
 * @param row whose peer is a loop in C on that MPI
 * @param seconds to measure
 */
record MpiJob(GateRow row, double seconds) {
    private static final long PATIENCE_SECONDS = 180;
    private static final long LOOK_SECONDS = 20;

    /**
     * Whether a peer is a loop in C on an MPI: {@code openmpi} tests calls that do not block until they have ended, {@code
     * openmpi-blocking} makes those that do, {@code openmpi+1500ns} is the former with so much added to a call; {@code openmpi-plain} is
     * no loop, but the same call of Gamut's without codes.
     */
    static boolean isPeer(String peer) {
        return family(peer).isPresent();
    }

    private static Optional<MpiFamily> family(String peer) {
        String name = peer.split("[-+]")[0];
        return Arrays.stream(MpiFamily.values())
                .filter(family -> family.id().equals(name))
                .findFirst();
    }

    /** Measures the row. */
    ForkResult measure() {
        MpiFamily family = family(row.peer()).orElseThrow();
        try {
            Optional<String> launcher = family.launcher();
            return launcher.isEmpty()
                    ? ForkResult.notMeasured("there is no mpirun of " + family.title())
                    : row.isBetweenHosts() ? betweenHosts(family) : here(family, launcher.get());
        } catch (IOException e) {
            return ForkResult.failed("cannot start ranks: " + e.getMessage());
        }
    }

    private ForkResult here(MpiFamily family, String launcher) throws IOException {
        return run(family, family.ranks(launcher, row.threads()), MpiSides.class);
    }

    private ForkResult betweenHosts(MpiFamily family) throws IOException {
        try (TwoHosts hosts = TwoHosts.unpacked()) {
            String lack = output(hosts.lacks(), LOOK_SECONDS).strip();
            return lack.isEmpty()
                    ? run(family, hosts.mpirun(family.id(), row.threads()), NetSides.class)
                    : ForkResult.notMeasured(lack);
        }
    }

    private ForkResult run(MpiFamily family, List<String> launcher, Class<?> sides) throws IOException {
        Path result = Files.createTempFile("gamut-mpi", ".json");
        try {
            List<String> command = new ArrayList<>(launcher);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), sides.getName()));
            command.addAll(List.of(row.id(), row.peer(), Double.toString(seconds), result.toString()));
            String said = output(command, PATIENCE_SECONDS);
            return Files.size(result) > 0
                    ? ForkResult.read(result)
                    : ForkResult.failed("ranks of " + family.title() + " ended without a result: " + lastLine(said));
        } finally {
            Files.delete(result);
        }
    }

    private static String lastLine(String text) {
        String[] lines = text.strip().split("\n");
        return Arrays.stream(lines)
                .filter(line -> line.contains("Exception") || line.contains("Error"))
                .findFirst()
                .orElse(lines[lines.length - 1])
                .strip();
    }

    /** What a command says; nothing where there is none, or it does not end. */
    private static String output(List<String> command, long patience) throws IOException {
        Path log = Files.createTempFile("gamut-mpi", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(log.toFile());
            builder.environment().putAll(MpiFamily.environment());
            await(builder.start(), patience);
            return Files.readString(log);
        } catch (IOException e) { // how Java says that there is no such command
            return "";
        } finally {
            Files.delete(log);
        }
    }

    private static void await(Process process, long patience) {
        try {
            process.waitFor(patience, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
