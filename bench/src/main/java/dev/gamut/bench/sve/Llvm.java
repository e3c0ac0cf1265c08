package dev.gamut.bench.sve;

import dev.gamut.bench.cli.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LLVM's disassembler and its model of pipelines.
 *
 * @param folder where llvm-mc and llvm-mca are
 */
record Llvm(Path folder) {
    /** Iterations that are simulated: enough for what begins and ends them to be a hundredth of a cycle each. */
    private static final int ITERATIONS = 1000;

    private static final Pattern CYCLES = Pattern.compile("Total Cycles: +(\\d+)");
    private static final Pattern VERSION = Pattern.compile("LLVM version (\\S+)");

    /**
     * What the launcher found.
     *
     * @return empty where system property {@code gamut.llvm} names no folder with both programs
     */
    static Optional<Llvm> found() {
        return Optional.ofNullable(System.getProperty("gamut.llvm"))
                .filter(name -> !name.isEmpty())
                .map(name -> new Llvm(Path.of(name)))
                .filter(llvm -> Files.isExecutable(llvm.folder.resolve("llvm-mc"))
                        && Files.isExecutable(llvm.folder.resolve("llvm-mca")));
    }

    /** Its version number. */
    String version() {
        Matcher version = VERSION.matcher(output(List.of("llvm-mca", "--version"), ""));
        return version.find() ? version.group(1) : "unknown";
    }

    /**
     * Disassembles.
     *
     * @param code arm64 instructions, in the order of memory
     */
    List<Instruction> disassembled(byte[] code) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < code.length; i++) {
            bytes.append(String.format("0x%02x", code[i] & 0xff)).append(i % 4 == 3 ? '\n' : ' ');
        }
        List<Instruction> instructions = new ArrayList<>();
        String text = output(List.of("llvm-mc", "--disassemble", "-triple=aarch64", "-mattr=+all"), bytes.toString());
        text.lines()
                .map(line -> line.replaceAll("//.*", "").strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty() && !line.startsWith("."))
                .forEach(line -> instructions.add(new Instruction(line)));
        if (instructions.size() != code.length / 4) {
            throw new IllegalStateException("llvm-mc read " + instructions.size() + " of " + code.length / 4
                    + " instructions; the JVM prints others than this version of LLVM knows");
        }
        return instructions;
    }

    /**
     * Cycles that one iteration takes, with all data in the first cache level and every branch predicted.
     *
     * @param loop what is repeated
     * @param core the core whose pipelines are simulated
     */
    double cycles(Loop loop, Core core) {
        String report = output(
                List.of("llvm-mca", "-mtriple=aarch64", "-mcpu=" + core.cpu(), "-iterations=" + ITERATIONS),
                loop.assembly());
        Matcher cycles = CYCLES.matcher(report);
        if (!cycles.find()) {
            throw Failure.data("llvm-mca reports no cycles for " + core.title(), null);
        }
        return Double.parseDouble(cycles.group(1)) / ITERATIONS;
    }

    private String output(List<String> command, String input) {
        List<String> words = new ArrayList<>(command);
        words.set(0, folder.resolve(command.getFirst()).toString());
        try {
            Process process = new ProcessBuilder(words).start();
            // Both pipes are read while the input is written, or a full one would stop the other end.
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            try (var to = process.outputWriter(StandardCharsets.UTF_8)) {
                to.write(input);
            }
            int status = process.waitFor();
            if (status != 0) {
                throw Failure.data(
                        command.getFirst() + " failed: "
                                + err.join().lines().findFirst().orElse("status " + status),
                        null);
            }
            return out.join();
        } catch (IOException e) {
            throw Failure.data("cannot run " + words.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.data("interrupted", e);
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
