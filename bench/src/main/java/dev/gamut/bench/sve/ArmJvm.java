package dev.gamut.bench.sve;

import dev.gamut.bench.cli.Failure;
import dev.gamut.kernel.KernelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An arm64 JDK, and what runs it where the machine is none of Arm.
 *
 * @param java its java program
 * @param emulator QEMU's user emulation; empty text where java runs by itself
 * @param sysroot folder with the libraries that an emulated program loads
 */
record ArmJvm(String java, String emulator, String sysroot) {
    /**
     * C2 alone, and a method's caller waits for it: what is printed is complete and in order. Profiles come from the
     * interpreter then, instead of C1's code; the loops are the same.
     */
    private static final List<String> FLAGS = List.of(
            "--add-modules=jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-XX:-TieredCompilation",
            "-Xbatch",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=print,dev.gamut.vector.gemm.*::store",
            "-XX:CompileCommand=print,dev.gamut.vector.gemm.*::update",
            "-XX:CompileCommand=CompileThresholdScaling,dev.gamut.vector.gemm.*::store,0.01",
            "-XX:CompileCommand=CompileThresholdScaling,dev.gamut.vector.gemm.*::update,0.01");

    /**
     * What the launcher found.
     *
     * @return empty where system property {@code gamut.arm64} names no JDK
     */
    static Optional<ArmJvm> found() {
        String[] parts = System.getProperty("gamut.arm64", "").split(":", -1);
        return parts.length == 3 && !parts[0].isEmpty() && Files.isExecutable(Path.of(parts[0]))
                ? Optional.of(new ArmJvm(parts[0], parts[1], parts[2]))
                : Optional.empty();
    }

    /**
     * Compiles the tiles of kernels.
     *
     * @param kernels packed kernels
     * @param length vectors the JVM is given
     * @return for each kernel what C2 made; empty where the machine has no vectors of that length
     */
    Optional<Map<KernelId, List<MachineCode>>> compiled(List<KernelId> kernels, VectorLength length) {
        List<String> command = command(length);
        kernels.forEach(id -> command.add(id.toString()));
        List<String> lines = output(command);
        if (!lines.contains(TileRun.VECTORS + TileRun.vectors(length.isSve(), length.bits()))) {
            return Optional.empty();
        }
        Map<KernelId, List<MachineCode>> code = new LinkedHashMap<>();
        for (KernelId id : kernels) {
            int from = lines.indexOf(TileRun.KERNEL + id) + 1;
            int to = from;
            while (to < lines.size() && !lines.get(to).startsWith(TileRun.KERNEL)) {
                to++;
            }
            code.put(id, MachineCode.read(lines.subList(from, to)));
        }
        return Optional.of(code);
    }

    private List<String> command(VectorLength length) {
        List<String> command = new ArrayList<>();
        if (!emulator.isEmpty()) {
            command.addAll(List.of(emulator, "-L", sysroot, "-cpu", length.emulated()));
        }
        command.add(java);
        if (emulator.isEmpty()) {
            command.add(length.flag());
        }
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TileRun.class.getName()));
        return command;
    }

    private static List<String> output(List<String> command) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("gamut-sve-model", ".out");
            err = Files.createTempFile("gamut-sve-model", ".err");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            int status = finished(process);
            if (status != 0) {
                List<String> complaints = Files.readAllLines(err);
                throw Failure.data(
                        "the arm64 JVM ended with status " + status
                                + (complaints.isEmpty() ? "" : ": " + complaints.getLast()),
                        null);
            }
            return Files.readAllLines(out);
        } catch (IOException e) {
            throw Failure.data("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } finally {
            discard(out);
            discard(err);
        }
    }

    private static int finished(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.data("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void discard(Path file) {
        if (file != null && !file.toFile().delete()) {
            file.toFile().deleteOnExit();
        }
    }
}
