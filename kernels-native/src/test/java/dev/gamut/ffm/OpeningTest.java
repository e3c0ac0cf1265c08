package dev.gamut.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Libraries for devices cost nothing before somebody asks about devices, whatever state they are in: the JVM, which records each library that
 * it tries, is the witness, in processes of their own. Asked about, each that cannot be used says why.
 */
class OpeningTest {
    /** Where an ELF file names its machine. */
    private static final int MACHINE = 18;

    private static final int ARM_64 = 0xB7;
    private static final int X86_64 = 0x3E;

    @TempDir
    Path folder;

    private Path library(String name, String source) throws Exception {
        Path c = Files.writeString(folder.resolve(name + ".c"), source);
        return compiled(name, c);
    }

    private Path compiled(String name, Path source, String... options) throws Exception {
        Path library = folder.resolve("lib" + name + ".so");
        List<String> command =
                new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
        command.addAll(List.of(options));
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "cannot run here: no C compiler");
            throw e;
        }
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, compiler.waitFor(), said);
        return library;
    }

    private static List<String> run(Map<String, String> environment) throws Exception {
        Process process = JavaProcess.start(JavaProcess.command(List.of("-Xmx512m"), OpeningRun.class), environment);
        String said = JavaProcess.said(process);
        assertEquals(0, process.exitValue(), said);
        return said.lines().toList();
    }

    private static List<String> of(String phase, List<String> said) {
        return said.stream().filter(line -> line.startsWith(phase + " ")).toList();
    }

    private static String only(List<String> lines, String beginning) {
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing begins with '" + beginning + "' in " + lines));
    }

    @Test
    void librariesForDevicesAreNotTouchedBeforeSomebodyAsks() throws Exception {
        Path foreign = library("foreign", "int nothing;");
        byte[] bytes = Files.readAllBytes(foreign);
        bytes[MACHINE] = (byte) (bytes[MACHINE] == X86_64 ? ARM_64 : X86_64);
        Files.write(foreign, bytes);
        Path half = library("half", "int cudaRuntimeGetVersion(int *to) { return *to = 0; }");
        Path old = compiled(
                "old",
                Path.of("../native-src/sim/gpu/gpu.c"),
                "-DGAMUT_SIM_HIP",
                "-DGAMUT_SIM_VERSION=50700000",
                "-fvisibility=hidden");
        List<String> none = run(Map.of("GAMUT_OPENCL", "none", "GAMUT_CUDA", "none", "GAMUT_ROCM", "none"));
        List<String> broken = run(Map.of(
                "GAMUT_OPENCL", foreign.toString(), "GAMUT_CUDA", half.toString(), "GAMUT_ROCM", old.toString()));
        List<String> unasked = of("opened", none);
        assertEquals(unasked, of("opened", broken), "libraries tried by a process that computes on the host");
        assertTrue(of("asked", none).isEmpty(), () -> "switched off, and tried: " + none);
        for (Path tried : List.of(half, old)) { // the JVM sees that the third is foreign before it tries
            only(of("asked", broken), "asked " + tried);
        }
        List<String> reasons = of("absent", broken);
        assertTrue(only(reasons, "absent opencl: ").contains(foreign + ": "), reasons::toString);
        assertEquals(
                "absent cuda: no CUDA: " + half + " has no function cudaDriverGetVersion",
                only(reasons, "absent cuda: "));
        assertEquals(
                "absent rocm: no ROCm: " + old + " is ROCm 5.7; 6.0 or newer is needed",
                only(reasons, "absent rocm: "));
        for (String provider : List.of("opencl: no OpenCL", "cuda: no CUDA", "rocm: no ROCm")) {
            assertEquals("absent " + provider + ": switched off", only(of("absent", none), "absent " + provider));
        }
    }
}
