package dev.gamut.bench.cli;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.Profile;
import dev.gamut.device.Device;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.kernel.KernelId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut explain gemm}: every kernel's answer to one matrix product. */
@Command(
        name = "gemm",
        description = "Which kernel multiplies an m×k by a k×n matrix, and why no other one does.",
        mixinStandardHelpOptions = true)
final class ExplainGemmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--m", required = true, description = "Rows of A and C.")
    private long m;

    @Option(names = "--n", required = true, description = "Columns of B and C.")
    private long n;

    @Option(names = "--k", required = true, description = "Columns of A, rows of B.")
    private long k;

    @Option(names = "--a", defaultValue = "f64", paramLabel = "TYPE", description = "Type of A (default: f64).")
    private DType a;

    @Option(names = "--b", paramLabel = "TYPE", description = "Type of B (default: that of A).")
    private DType b;

    @Option(names = "--c", paramLabel = "TYPE", description = "Type of C (default: the accumulator's).")
    private DType c;

    @Option(names = "--trans-a", description = "A is stored k×m.")
    private boolean transposeA;

    @Option(names = "--trans-b", description = "B is stored n×k.")
    private boolean transposeB;

    @Option(names = "--batch", defaultValue = "1", description = "Number of products (default: 1).")
    private long batch;

    @Option(
            names = "--accuracy",
            description = "native, atLeast:TYPE or within:EPS (default: that of the profile, GAMUT_PROFILE).")
    private Accuracy accuracy;

    @Option(
            names = "--determinism",
            description = "any, run_to_run, bitwise or bitwise:ORDER (default: that of the profile, GAMUT_PROFILE).")
    private Determinism determinism;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to plan for (default: all).")
    private Integer threads;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "With operands that live on a device, such as opencl:0 (default: on the host).")
    private String device;

    @Option(
            names = "--offload",
            split = ",",
            paramLabel = "NAME",
            description = "Devices that operands of the host may be copied to (default: those of GAMUT_OFFLOAD).")
    private String[] offload;

    @Option(names = "--all", description = "Also list the kernels for other types.")
    private boolean all;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        json.check();
        GamutConfig config = config();
        GemmDesc desc = desc(config.profile());
        try (Gamut gamut = Gamut.open(config)) {
            Explanation answer = explain(gamut, desc);
            PrintWriter out = spec.commandLine().getOut();
            if (!json.replacesText()) {
                print(out, desc, answer);
                out.println("tuning: " + MachineFacts.tuning(gamut));
            }
            json.write(asJson(desc, answer, MachineFacts.tuning(gamut)), out);
            return answer.chosen().isPresent() ? Main.DONE : Main.CHECK_FAILED;
        }
    }

    private GamutConfig config() {
        GamutConfig config = GamutConfig.defaults();
        config = threads == null ? config : config.threads(threads);
        return offload == null ? config : config.offload(offload);
    }

    private Explanation explain(Gamut gamut, GemmDesc desc) {
        if (device == null) {
            return gamut.explain(desc);
        }
        try (Device opened = Devices.open(gamut, device)) {
            return gamut.explain(desc, opened);
        }
    }

    private GemmDesc desc(Profile profile) {
        atLeast0("--m", m);
        atLeast0("--n", n);
        atLeast0("--k", k);
        atLeast0("--batch", batch);
        DType typeB = b == null ? a : b;
        DType typeC = c == null ? Types.result(a, typeB) : c;
        MatrixDesc left = stored(a, m, k, transposeA);
        MatrixDesc right = stored(typeB, k, n, transposeB);
        MatrixDesc result = MatrixDesc.rowMajor(typeC, m, n);
        return GemmDesc.of(left, right, result)
                .batch(batch, left.extent(1), right.extent(1), result.extent(1))
                .accuracy(accuracy == null ? profile.accuracy() : accuracy)
                .determinism(determinism == null ? profile.determinism() : determinism);
    }

    private static MatrixDesc stored(DType type, long rows, long cols, boolean transposed) {
        return transposed ? MatrixDesc.rowMajor(type, cols, rows).transpose() : MatrixDesc.rowMajor(type, rows, cols);
    }

    private static void atLeast0(String option, long value) {
        if (value < 0) {
            throw Failure.usage(option + " is " + value + "; it must be at least 0");
        }
    }

    private void print(PrintWriter out, GemmDesc desc, Explanation answer) {
        out.println(answer.operation());
        int rank = 0;
        int otherTypes = 0;
        for (Explanation.Row row : answer.rows()) {
            if (row.reason().isEmpty()) {
                out.println(offer(++rank, row));
            } else if (all || sameTypes(desc, row)) {
                out.printf("  -  %-38s %s%n", row.kernel(), row.reason().get());
            } else {
                otherTypes++;
            }
        }
        if (otherTypes > 0) {
            out.println("  -  " + otherTypes + (otherTypes == 1 ? " kernel" : " kernels")
                    + " for other types (--all lists them)");
        }
        out.println(
                rank == 0
                        ? "no kernel may run it"
                        : "S: the sum of the absolute terms of an element, which |A|·|B| has there");
    }

    private static String offer(int rank, Explanation.Row row) {
        double bound = row.relativeBound().orElse(Double.NaN);
        return String.format(
                        Locale.ROOT,
                        "%3d. %-38s %12s  %-18s %-20s %s",
                        rank,
                        row.kernel(),
                        row.seconds().map(Figures::seconds).orElse(""),
                        bound == 0 ? "exact" : String.format(Locale.ROOT, "error ≤ %.2g·S", bound),
                        row.determinism().orElse(""),
                        row.copies())
                .stripTrailing();
    }

    private static boolean sameTypes(GemmDesc desc, Explanation.Row row) {
        return KernelId.parse(row.kernel()).types().equals(desc.types());
    }

    private Map<String, Object> asJson(GemmDesc desc, Explanation answer, String tuning) {
        List<Object> rows = new ArrayList<>();
        int rank = 0;
        int otherTypes = 0;
        for (Explanation.Row row : answer.rows()) {
            if (row.reason().isPresent() && !all && !sameTypes(desc, row)) {
                otherTypes++;
                continue;
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("rank", row.reason().isEmpty() ? ++rank : null);
            entry.put("kernel", row.kernel());
            entry.put("provider", row.provider());
            entry.put("place", row.place().orElse(null));
            entry.put("seconds", row.seconds().orElse(null));
            entry.put("copying", row.copying().orElse(null));
            entry.put("bound", row.relativeBound().orElse(null));
            entry.put("determinism", row.determinism().orElse(null));
            entry.put("reason", row.reason().orElse(null));
            entry.put("summary", row.summary());
            rows.add(entry);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operation", answer.operation());
        json.put("chosen", answer.chosen().map(Explanation.Row::kernel).orElse(null));
        json.put("tuning", tuning);
        json.put("otherTypes", otherTypes);
        json.put("rows", rows);
        return json;
    }
}
