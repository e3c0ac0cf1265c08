package dev.gamut.bench.sve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.cli.Resources;
import dev.gamut.kernel.Glob;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole chain, where what {@code ./gamut sve-model} fetches is there already. */
class SveModelTest {
    private static final Path SYSROOT =
            Path.of("../.gamut/arm64/sysroot").toAbsolutePath().normalize();

    private static Llvm llvm() {
        Path folder = Path.of("/usr/lib/llvm-19/bin");
        assumeTrue(Files.isExecutable(folder.resolve("llvm-mca")), "cannot run here: there is no llvm-mca 19");
        return new Llvm(folder);
    }

    private static ArmJvm jvm() {
        Path java = SYSROOT.resolve("usr/lib/jvm/java-25-openjdk-arm64/bin/java");
        Path emulator = Path.of("/usr/bin/qemu-aarch64-static");
        assumeTrue(
                Files.exists(java) && Files.isExecutable(emulator),
                "cannot run here: no emulated arm64 JDK; `./gamut sve-model` fetches one");
        return new ArmJvm(java.toString(), emulator.toString(), SYSROOT.toString());
    }

    @Test
    void disassembledAsWasWrittenDown() {
        List<Instruction> instructions = llvm().disassembled(
                        MachineCodeTest.read("tiles-neon.txt").getFirst().bytes());
        assertEquals(
                Resources.text("dev/gamut/bench/sve/clean.s").lines().toList(),
                instructions.stream().map(Instruction::text).toList());
    }

    @Test
    void fromKernelToPrediction() {
        SveModel model = new SveModel(jvm(), llvm());
        SveReport report = model.run(SveModel.kernels(Glob.of("gemm_f64_*_4x5v_*")), List.of(VectorLength.SVE256));
        assertEquals(
                List.of("store", "update"),
                report.loops().stream().map(TileLoop::method).sorted().toList());
        for (TileLoop loop : report.loops()) {
            assertEquals(20, loop.loop().fmas());
            assertEquals(0, loop.loop().stackTraffic());
            assertTrue(loop.shareOfPeak(Core.NEOVERSE_V1) > SveReport.AIM && loop.shareOfPeak(Core.NEOVERSE_V1) <= 1);
        }
        assertTrue(report.ok());
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text), false);
        assertTrue(text.toString().contains("F64 SVE256: 4x5v is chosen"), text.toString());
    }
}
