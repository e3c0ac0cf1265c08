package dev.gamut.ffm.blas;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.Options;
import dev.gamut.conformance.Outcome;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.cpu.GuardedMemory;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.KernelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process of its own with a BLAS of its own: a process looks for one once. */
final class BlasRun {
    private BlasRun() {}

    /** What starts it. */
    static ProcessBuilder command(List<String> options, String what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BlasRun.class.getName(), what));
        return new ProcessBuilder(command);
    }

    /**
     * Says what it found.
     *
     * @param arguments {@code say} which library there is, {@code lazy} when it was opened, or {@code rules}: a line for each rule that
     *     is broken, the last line counts those that are kept
     */
    static void main(String... arguments) throws IOException {
        switch (arguments[0]) {
            case "say" -> IO.println(library());
            case "lazy" -> lazy();
            default -> rules();
        }
    }

    private static String library() {
        try (Gamut gamut = Gamut.open()) {
            return Optional.ofNullable(gamut.libraries().get(BlasProvider.NAME))
                    .map(library -> "using " + library)
                    .orElseGet(() -> "absent: " + gamut.unavailableProviders().get(BlasProvider.NAME));
        }
    }

    private static void lazy() throws IOException {
        String file = System.getenv("GAMUT_BLAS");
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().kernel("gemm_*_openblas"))) {
            boolean opened = Files.readString(Path.of("/proc/self/maps")).contains(file);
            gamut.plan(GemmDesc.of(DType.F64, 2, 2, 2));
            boolean planned = Files.readString(Path.of("/proc/self/maps")).contains(file);
            IO.println("opened: " + opened + ", planned: " + planned);
        }
    }

    private static void rules() {
        int kept = 0;
        List<KernelInfo> kernels;
        try (Gamut gamut = Gamut.open()) {
            kernels = gamut.kernels().stream()
                    .filter(kernel -> kernel.provider().equals(BlasProvider.NAME))
                    .filter(kernel -> gamut.unavailable(kernel).isEmpty())
                    .toList();
        }
        for (KernelInfo kernel : kernels) {
            for (Conformance.Case rule : Conformance.cases(kernel, Options.ofProperties())) {
                Outcome outcome = ScopedValue.where(Conformance.NATIVE_MEMORY, new GuardedMemory())
                        .call(rule::run);
                // Nothing is packed beforehand, and no bits are promised.
                boolean none =
                        List.of(Conformance.PACKING, Conformance.DETERMINISM).contains(rule.rule());
                if (outcome.status() == (none ? Outcome.Status.NOT_APPLICABLE : Outcome.Status.PASSED)) {
                    kept++;
                } else {
                    IO.println("broken: " + rule + ": " + outcome.status() + " " + outcome.message());
                }
            }
        }
        IO.println(kept + " rules kept by " + library());
    }
}
