package dev.gamut.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Overrides;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.OfferContext;
import dev.gamut.tensor.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Pins the kernel chosen for each shape on machines described by their capabilities, so that a change of the cost model
 * is reviewed as a diff of names. Run with {@code -Dgamut.test.golden=write} to accept a change.
 */
class SelectionTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/gamut/vector/selection.txt");

    private static final Dispatcher DISPATCHER = new Dispatcher(List.of(new VectorProvider()));

    private static final List<Capabilities> MACHINES = List.of(
            machine("x86_64", "AVX-512", 512, EnumSet.of(Feature.AVX2, Feature.FMA, Feature.AVX512)),
            machine("x86_64", "AVX2", 256, EnumSet.of(Feature.AVX2, Feature.FMA)),
            machine("aarch64", "NEON", 128, EnumSet.of(Feature.NEON, Feature.FMA)),
            machine("aarch64", "SVE", 256, EnumSet.of(Feature.NEON, Feature.FMA, Feature.SVE)),
            machine("aarch64", "SVE", 512, EnumSet.of(Feature.NEON, Feature.FMA, Feature.SVE)),
            machine("x86_64", "no module", 0, EnumSet.of(Feature.AVX2, Feature.FMA)));

    private static Capabilities machine(String arch, String cpu, int bits, Set<Feature> features) {
        return new Capabilities(arch, cpu, features, bits, 8, new CacheTopology(32 << 10, 1 << 20, 32 << 20))
                .withJdk(25);
    }

    private static final List<Accuracy> OF_F64 =
            List.of(Accuracy.atLeast(DType.F64), Accuracy.within(1e-5), Accuracy.within(1e-2));

    private static final List<Accuracy> OF_F32 = List.of(Accuracy.atLeast(DType.F32), Accuracy.within(1e-2));

    private static final long[][] SHAPES = {
        {1, 1, 1},
        {4, 4, 4},
        {8, 8, 8},
        {16, 16, 16},
        {24, 24, 24},
        {32, 32, 32},
        {48, 48, 48},
        {64, 64, 64},
        {96, 96, 96},
        {128, 128, 128},
        {256, 256, 256},
        {1000, 1000, 1000},
        {2048, 2048, 2048},
        {2048, 2048, 256},
        {1, 4096, 4096},
        {4096, 1, 4096},
        {16, 4096, 4096},
        {128, 384, 384},
        {32, 32, 100_000},
        {100_000, 16, 16},
        {3136, 64, 576}
    };

    @Test
    void chosenKernelsAreTheReviewedOnes() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Capabilities machine : MACHINES) {
            for (int threads : new int[] {1, 8}) {
                OfferContext context = new OfferContext(machine, DISPATCHER.tuning(), threads);
                lines.add("# " + machine.arch() + " " + machine.cpu() + " " + machine.vectorBits() + " bits, " + threads
                        + " threads");
                gemms(context, lines);
                accuracies(context, lines);
                reductions(context, lines);
            }
        }
        if ("write".equals(System.getProperty("gamut.test.golden"))) {
            Files.write(GOLDEN, lines);
        }
        assertEquals(
                String.join("\n", Files.readAllLines(GOLDEN)),
                String.join("\n", lines),
                "the chosen kernels changed: review, then run with -Dgamut.test.golden=write");
    }

    private static void gemms(OfferContext context, List<String> lines) {
        for (DType type : List.of(DType.F64, DType.F32)) {
            for (long[] s : SHAPES) {
                GemmDesc desc = GemmDesc.of(type, s[0], s[1], s[2]);
                lines.add("gemm " + type.id() + " " + s[0] + " " + s[1] + " " + s[2] + " -> " + chosen(desc, context));
            }
            GemmDesc small = GemmDesc.of(type, 8, 8, 8).batch(10_000, 64, 64, 64);
            lines.add("gemm " + type.id() + " 8 8 8 batch 10000 -> " + chosen(small, context));
            GemmDesc ordered =
                    GemmDesc.of(type, 256, 256, 256).determinism(Determinism.bitwise(EvaluationOrder.FMA_KC256));
            lines.add("gemm " + type.id() + " 256 256 256 fma-kc256 -> " + chosen(ordered, context));
        }
        lines.add("gemm bf16 256 256 256 -> " + chosen(GemmDesc.of(DType.BF16, 256, 256, 256), context));
    }

    /** What an accuracy is worth; residues are for machines with faster products of bytes than Java's. */
    private static void accuracies(OfferContext context, List<String> lines) {
        for (DType type : List.of(DType.F64, DType.F32)) {
            for (long n : new long[] {64, 256, 1000, 2048}) {
                for (Accuracy accuracy : type == DType.F64 ? OF_F64 : OF_F32) {
                    GemmDesc desc = GemmDesc.of(type, n, n, n).accuracy(accuracy);
                    lines.add("gemm " + type.id() + " " + n + " " + n + " " + n + " " + accuracy + " -> "
                            + chosen(desc, context));
                }
            }
        }
    }

    private static String chosen(GemmDesc desc, OfferContext context) {
        return DISPATCHER
                .select(desc, context, Overrides.NONE)
                .chosen()
                .info()
                .id()
                .toString();
    }

    private static void reductions(OfferContext context, List<String> lines) {
        for (DType type : List.of(DType.F64, DType.F32)) {
            for (ReduceOp op : ReduceOp.values()) {
                ReduceDesc whole = ReduceDesc.of(op, type, Layout.rowMajor(1 << 20), ReduceDesc.ALL);
                lines.add(whole.op() + " " + type.id() + " 1048576 -> " + chosen(whole, context));
            }
            ReduceDesc rows = ReduceDesc.of(ReduceOp.SUM, type, Layout.rowMajor(512, 768), 1);
            ReduceDesc columns = ReduceDesc.of(ReduceOp.SUM, type, Layout.rowMajor(512, 768), 0);
            lines.add("SUM " + type.id() + " 512x768 rows -> " + chosen(rows, context));
            lines.add("SUM " + type.id() + " 512x768 columns -> " + chosen(columns, context));
            lines.add("SUM " + type.id() + " 1048576 bitwise -> "
                    + chosen(
                            ReduceDesc.of(ReduceOp.SUM, type, Layout.rowMajor(1 << 20), ReduceDesc.ALL)
                                    .determinism(Determinism.BITWISE),
                            context));
        }
    }

    private static String chosen(ReduceDesc desc, OfferContext context) {
        return DISPATCHER
                .select(desc, context, Overrides.NONE)
                .chosen()
                .info()
                .id()
                .toString();
    }
}
