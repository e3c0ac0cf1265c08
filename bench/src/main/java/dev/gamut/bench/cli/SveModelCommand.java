package dev.gamut.bench.cli;

import dev.gamut.bench.sve.NativeTile;
import dev.gamut.bench.sve.SveModel;
import dev.gamut.bench.sve.SveReport;
import dev.gamut.bench.sve.VectorLength;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut sve-model}: what compilers make of the register tiles on Arm, and the speed that is predicted for it. */
@Command(
        name = "sve-model",
        description = {
            "Shows the inner loops of the register tiles for Arm, those that C2 compiles with NEON and with SVE of 128, 256 and"
                    + " 512 bits and those of the library in C, and what llvm-mca predicts for them on Neoverse V1, V2 and N2"
                    + " and on A64FX. Nothing is measured.",
            "Fails where a tile in Java that the tuning table chooses touches the stack, or reaches less than 0.75 of the"
                    + " predicted peak of Neoverse V1 or V2, or a tile in C less than 0.85 on any of the cores. Takes some"
                    + " minutes where the arm64 JVM runs under QEMU, which it and LLVM are fetched for at first."
        },
        mixinStandardHelpOptions = true)
final class SveModelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kernel",
            defaultValue = "*",
            paramLabel = "GLOB",
            description = "Only kernels whose id matches: * any characters, ? one, {a,b} alternatives (default: *).")
    private Glob kernel;

    @Option(
            names = "--vectors",
            split = ",",
            defaultValue = "NEON,SVE128,SVE256,SVE512",
            paramLabel = "LENGTH",
            description = "Only these of neon, sve128, sve256, sve512 (default: all).")
    private List<VectorLength> vectors;

    @Option(names = "--assembly", description = "Print the instructions of each loop too.")
    private boolean assembly;

    @Option(names = "--check-usage", hidden = true, description = "Asked by the launcher before it fetches anything.")
    private boolean checkUsage;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        json.check();
        List<KernelId> kernels = SveModel.kernels(kernel);
        List<NativeTile> tiles = NativeTile.found(kernel);
        if (kernels.isEmpty() && tiles.isEmpty()) {
            throw Failure.usage(
                    "--kernel is '" + kernel + "', which matches no kernel with a register tile, in Java of F64 or"
                            + " F32: " + String.join(", ", all()));
        }
        if (checkUsage) {
            spec.commandLine().getOut().println("usage is good");
            return Main.DONE;
        }
        List<VectorLength> lengths = vectors.stream().distinct().sorted().toList();
        SveReport report = SveModel.report(kernels, tiles, lengths);
        PrintWriter out = spec.commandLine().getOut();
        if (!json.replacesText()) {
            report.print(out, assembly);
        }
        json.write(report.asJson(), out);
        return report.ok() ? Main.DONE : Main.CHECK_FAILED;
    }

    private static List<String> all() {
        Glob any = Glob.of("*");
        return Stream.concat(
                        SveModel.kernels(any).stream(),
                        NativeTile.found(any).stream().map(NativeTile::kernel))
                .map(KernelId::toString)
                .toList();
    }
}
