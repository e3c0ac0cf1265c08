package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.RunRecord;
import dev.gamut.io.Npy;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gamut gemm}: C = alpha·op(A)·op(B) on .npy files. */
@Command(
        name = "gemm",
        description = "Multiplies two .npy files. C is written whole or not at all.",
        mixinStandardHelpOptions = true)
final class GemmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A.npy", description = "Left operand, m×k, or a batch of them.")
    private Path fileA;

    @Parameters(index = "1", paramLabel = "B.npy", description = "Right operand, k×n, or a batch of them.")
    private Path fileB;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "C.npy",
            description = "Where the product goes.")
    private Path fileC;

    @Option(names = "--force", description = "Replace the output file if there is one.")
    private boolean force;

    @Option(names = "--trans-a", description = "Use A transposed.")
    private boolean transposeA;

    @Option(names = "--trans-b", description = "Use B transposed.")
    private boolean transposeB;

    @Option(names = "--alpha", defaultValue = "1", description = "Factor of the product (default: 1).")
    private double alpha;

    @Option(names = "--c", paramLabel = "TYPE", description = "Type of C (default: the accumulator's).")
    private DType typeC;

    @Option(
            names = "--accuracy",
            description = "native, atLeast:TYPE or within:EPS (default: that of the profile, GAMUT_PROFILE).")
    private Accuracy accuracy;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to use (default: all).")
    private Integer threads;

    @Override
    public Integer call() throws IOException {
        requireInput("A", fileA);
        requireInput("B", fileB);
        requireOutput();
        GamutConfig config = GamutConfig.defaults();
        Tensor a = Npy.read(fileA);
        Tensor b = Npy.read(fileB);
        try (Gamut gamut = Gamut.open(threads == null ? config : config.threads(threads))) {
            Tensor c = result(a, b);
            RunRecord record = multiply(gamut, a, b, c);
            OutputFile.write(fileC, file -> Npy.write(file, c));
            spec.commandLine()
                    .getOut()
                    .println(
                            fileC + ": " + c + " by " + record.kernel() + " in " + Figures.seconds(record.nanos() / 1e9)
                                    + (record.detail().isEmpty() ? "" : ", " + record.detail()));
        }
        return Main.DONE;
    }

    private RunRecord multiply(Gamut gamut, Tensor a, Tensor b, Tensor c) {
        RunRecord record = new RunRecord();
        try {
            gamut.gemm(a, b, c, options -> {
                options.alpha(alpha).record(record);
                if (accuracy != null) {
                    options.accuracy(accuracy);
                }
                if (transposeA) {
                    options.transposeA();
                }
                if (transposeB) {
                    options.transposeB();
                }
            });
        } catch (IllegalArgumentException e) {
            throw Failure.data(e.getMessage(), e); // the files do not fit together; the command line is right
        }
        return record;
    }

    private Tensor result(Tensor a, Tensor b) {
        requireMatrix("A", fileA, a);
        requireMatrix("B", fileB, b);
        int last = a.rank() - 1;
        long m = a.size(transposeA ? last : last - 1);
        long n = b.size(transposeB ? b.rank() - 2 : b.rank() - 1);
        DType type = typeC == null ? Types.result(a.dtype(), b.dtype()) : typeC;
        if (a.rank() == 2 && b.rank() == 2) {
            return Tensor.zeros(type, m, n);
        }
        return Tensor.zeros(type, a.rank() == 3 ? a.size(0) : b.size(0), m, n);
    }

    private static void requireMatrix(String name, Path file, Tensor t) {
        if (t.rank() != 2 && t.rank() != 3) {
            throw Failure.data(
                    name + " is " + file + " of rank " + t.rank() + "; a matrix has rank 2, a batch of matrices rank 3",
                    null);
        }
    }

    private static void requireInput(String name, Path file) {
        if (!Files.exists(file)) {
            throw Failure.usage(name + " is " + file + ", which does not exist");
        }
        if (Files.isDirectory(file)) {
            throw Failure.usage(name + " is " + file + ", a directory; an .npy file is needed");
        }
        if (!Files.isReadable(file)) {
            throw Failure.usage(name + " is " + file + ", which is not readable");
        }
    }

    private void requireOutput() throws IOException {
        OutputFile.require(fileC, "-o");
        if (!Files.exists(fileC)) {
            return;
        }
        if (Files.isSameFile(fileC, fileA) || Files.isSameFile(fileC, fileB)) {
            throw Failure.usage("-o is " + fileC + ", which is also an input; the product needs a file of its own");
        }
        if (!force) {
            throw Failure.usage("-o is " + fileC + ", which exists; --force replaces it");
        }
    }
}
