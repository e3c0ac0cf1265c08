package dev.gamut.bench.cli;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.solve.LinearSystem;
import dev.gamut.bench.solve.SolveMethod;
import dev.gamut.bench.solve.SolveRun;
import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.io.MatrixMarket;
import dev.gamut.linalg.Refinement;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut solve}: a dense system of linear equations, with HPL's check. */
@Command(
        name = "solve",
        description = {
            "Solves a dense system A·x = b and checks the solution as HPL does: it fails where the scaled residual is 16 or more.",
            "hpl factors in F64 with partial pivoting. mxp factors in a lower precision, with partial pivoting too, and refines the"
                    + " solution to F64; where that does not converge it factors again in the next higher one, and says so."
                    + " Gflops count HPL's operations for both. Systems are HPL's and HPL-MxP's unless another one is asked for."
        },
        mixinStandardHelpOptions = true)
final class SolveCommand implements Callable<Integer> {
    /** Order of a product by which types are compared. */
    private static final int LARGE = 2048;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-n", "--n"},
            paramLabel = "N",
            description = "Order of a random system, 1 to " + LinearSystem.MOST + " (default: 2048).")
    private Integer order;

    @Option(
            names = "--matrix",
            paramLabel = "FILE",
            description = "Solve with a square matrix from a Matrix Market file instead; the solution is all ones.")
    private Path matrix;

    @Option(
            names = "--dominant",
            negatable = true,
            description =
                    "Whether the diagonal of the random system outweighs its rows, as in HPL-MxP, for which the roughest factors serve"
                            + " (default: yes for mxp, no for hpl).")
    private Boolean dominant;

    @Option(
            names = "--method",
            defaultValue = "hpl",
            paramLabel = "hpl|mxp",
            description = "How to solve (default: ${DEFAULT-VALUE}).")
    private SolveMethod method;

    @Option(
            names = "--factors",
            paramLabel = "TYPE",
            description =
                    "Of mxp: f32, bf16 or f16 (operands of its large products rounded to that, sums in F32), or f64, which is for"
                            + " an --accuracy (default: f32, or bf16 for a dominant system where its products are predicted faster).")
    private DType factors;

    @Option(
            names = "--refine",
            paramLabel = "gmres|classical",
            description = "Of mxp: the sort of steps (default: gmres).")
    private Refinement.Steps steps;

    @Option(
            names = "--accuracy",
            defaultValue = "native",
            paramLabel = "ACCURACY",
            description =
                    "Of the products that factors are made of: native, atLeast:TYPE or within:EPS (default: ${DEFAULT-VALUE}).")
    private Accuracy accuracy;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to use (default: all).")
    private Integer threads;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description = "Where random numbers start (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws IOException {
        json.check();
        checkMethod();
        LinearSystem system = system();
        GamutConfig config = GamutConfig.defaults();
        PrintWriter out = spec.commandLine().getOut();
        try (Gamut gamut = Gamut.open(threads == null ? config : config.threads(threads))) {
            SolveRun run = run(gamut, system, refinement(gamut));
            if (!json.replacesText()) {
                run.lines().forEach(out::println);
            }
            Map<String, Object> all = new LinkedHashMap<>(run.asJson());
            all.put("machine", MachineFacts.of(gamut));
            json.write(all, out);
            return run.passed() ? Main.DONE : Main.CHECK_FAILED;
        }
    }

    private void checkMethod() {
        if (method == SolveMethod.HPL && (factors != null || steps != null)) {
            throw Failure.usage((factors != null ? "--factors is " + factors : "--refine is " + steps.id())
                    + "; it is for --method mxp alone");
        }
        try {
            Refinement.DEFAULT.factors(factors == null ? DType.F32 : factors);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--" + e.getMessage());
        }
    }

    /** HPL's systems are random numbers, HPL-MxP's are dominant; a file's are neither. */
    private boolean isDominant() {
        return matrix == null && (dominant == null ? method == SolveMethod.MXP : dominant);
    }

    private Refinement refinement(Gamut gamut) {
        Refinement how = Refinement.DEFAULT.accuracy(accuracy).factors(factors == null ? fastest(gamut) : factors);
        return steps == null ? how : how.steps(steps);
    }

    private DType fastest(Gamut gamut) {
        boolean rough = isDominant() && accuracy.equals(Accuracy.NATIVE);
        return rough && seconds(gamut, DType.BF16) < seconds(gamut, DType.F32) ? DType.BF16 : DType.F32;
    }

    /** Predicted for a large product with sums in F32. */
    private static double seconds(Gamut gamut, DType operands) {
        GemmDesc product = GemmDesc.of(operands, LARGE, LARGE, LARGE).c(MatrixDesc.rowMajor(DType.F32, LARGE, LARGE));
        return gamut.explain(product).chosen().flatMap(Explanation.Row::seconds).orElse(Double.POSITIVE_INFINITY);
    }

    private SolveRun run(Gamut gamut, LinearSystem system, Refinement how) {
        try (Progress progress = Progress.of("solve", system.n())) {
            return SolveRun.of(gamut, method, system, how, columns -> progress.reach(columns, columns + " columns"));
        } catch (ArithmeticException e) {
            throw Failure.data(e.getMessage(), e);
        }
    }

    private LinearSystem system() throws IOException {
        if (matrix == null) {
            int n = order == null ? 2048 : order;
            if (n < 1 || n > LinearSystem.MOST) {
                throw Failure.usage("--n is " + n + "; allowed are 1 to " + LinearSystem.MOST);
            }
            requireMemory("--n is " + n, n, Failure::usage);
            return isDominant() ? LinearSystem.dominant(n, seed) : LinearSystem.random(n, seed);
        }
        if (dominant != null) {
            throw Failure.usage("--[no-]dominant and --matrix are given; the matrix is as it is");
        }
        if (order != null) {
            throw Failure.usage("--n and --matrix are given; the matrix has its own order");
        }
        if (!Files.isReadable(matrix) || Files.isDirectory(matrix)) {
            throw Failure.usage("--matrix is " + matrix + ", which is no readable file");
        }
        return LinearSystem.withOnes(read());
    }

    private Tensor read() throws IOException {
        try {
            return MatrixMarket.read(matrix, this::requireSystem);
        } catch (FormatException e) {
            throw Failure.data(e.getMessage(), e);
        }
    }

    private void requireSystem(long[] shape) {
        String what = matrix + " holds a matrix of " + shape[0] + "×" + shape[1];
        if (shape[0] != shape[1] || shape[0] == 0) {
            throw Failure.data(what + "; a system needs a square one", null);
        }
        if (shape[0] > LinearSystem.MOST) {
            throw Failure.data(what + "; a system has at most " + LinearSystem.MOST + " rows", null);
        }
        requireMemory(what, shape[0], message -> Failure.data(message, null));
    }

    /** A matrix and its factors. */
    private static void requireMemory(String what, long n, Function<String, Failure> complaint) {
        long needed = 2L * 8 * n * n;
        long most = Runtime.getRuntime().maxMemory();
        if (needed > most / 10 * 9) {
            throw complaint.apply(what + ", which needs " + (needed >> 20)
                    + " MiB for the matrix and its factors; this JVM has " + (most >> 20) + ": GAMUT_JAVA_OPTS=-Xmx"
                    + ((needed / 2 * 3 >> 30) + 1) + "g gives it more");
        }
    }
}
