package dev.gamut.bench.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
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
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Pins which of all providers' kernels is chosen on machines described by their capabilities: Java for small products, C where it has
 * instructions that Java has not. Run with {@code -Dgamut.test.golden=write} to accept a change.
 */
class ChoiceTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/gamut/bench/dispatch/choices.txt");

    private static final Set<Feature> AVX2 = EnumSet.of(Feature.AVX2, Feature.FMA, Feature.F16C);
    private static final Set<Feature> AVX512 = with(AVX2, Feature.AVX512);
    private static final Set<Feature> VNNI = with(AVX512, Feature.AVX512_VNNI, Feature.AVX512_BF16);
    private static final Set<Feature> AMX = with(VNNI, Feature.AMX_INT8, Feature.AMX_BF16);
    private static final Set<Feature> NEON = EnumSet.of(Feature.NEON, Feature.FMA);
    private static final Set<Feature> ARMV9 =
            with(NEON, Feature.DOTPROD, Feature.I8MM, Feature.BF16, Feature.SVE, Feature.SVE2);

    private static final List<Capabilities> MACHINES = List.of(
            machine("x86_64", "AVX2", 256, AVX2),
            machine("x86_64", "AVX-512", 512, AVX512),
            machine("x86_64", "AVX-512 VNNI BF16", 512, VNNI),
            machine("x86_64", "AMX", 512, AMX),
            machine("aarch64", "NEON", 128, NEON),
            machine("aarch64", "SVE", 256, with(NEON, Feature.SVE)),
            machine("aarch64", "SVE2 I8MM BF16", 128, ARMV9));

    private static final long[][] SHAPES = {
        {8, 8, 8},
        {16, 16, 16},
        {32, 32, 32},
        {64, 64, 64},
        {256, 256, 256},
        {1024, 1024, 1024},
        {1, 4096, 4096},
        {16, 4096, 4096}
    };

    private static Set<Feature> with(Set<Feature> some, Feature... more) {
        EnumSet<Feature> all = EnumSet.copyOf(some);
        all.addAll(List.of(more));
        return all;
    }

    private static Capabilities machine(String arch, String cpu, int bits, Set<Feature> features) {
        return new Capabilities(arch, cpu, features, bits, 8, new CacheTopology(32 << 10, 1 << 20, 32 << 20))
                .withJdk(25);
    }

    @Test
    void chosenKernelsAreTheReviewedOnes() throws IOException {
        Dispatcher dispatcher = Dispatcher.discovered();
        Optional<String> absent = dispatcher.providers().stream()
                .filter(p -> p.name().equals("native"))
                .findFirst()
                .orElseThrow()
                .unavailable(Capabilities.host());
        Assumptions.assumeTrue(absent.isEmpty(), () -> "cannot run here: kernels in C: " + absent.orElse(""));
        List<String> lines = new ArrayList<>();
        for (Capabilities machine : MACHINES) {
            OfferContext context = new OfferContext(machine, dispatcher.tuning(), 1);
            lines.add("# " + machine.arch() + " " + machine.cpu() + " " + machine.vectorBits() + " bits");
            for (DType type : List.of(DType.F64, DType.F32, DType.BF16, DType.F16, DType.I8)) {
                for (long[] s : SHAPES) {
                    lines.add(line(dispatcher, context, GemmDesc.of(type, s[0], s[1], s[2]), type.id(), s));
                }
            }
            accuracies(dispatcher, context, lines);
            results(dispatcher, context, lines);
            packed(dispatcher, context, lines);
            for (DType weights : List.of(DType.I4, DType.I8)) {
                for (long m : new long[] {1, 4, 16, 128, 512}) {
                    MatrixDesc b = MatrixDesc.rowMajor(weights, 4096, 4096)
                            .scaling(Scaling.perBlock(1, 32, DType.F32))
                            .transpose();
                    GemmDesc desc = GemmDesc.of(
                            MatrixDesc.rowMajor(DType.F32, m, 4096), b, MatrixDesc.rowMajor(DType.F32, m, 4096));
                    lines.add(
                            line(dispatcher, context, desc, "f32x" + weights.id() + "g32", new long[] {m, 4096, 4096}));
                    MatrixDesc codes = MatrixDesc.rowMajor(DType.I8, m, 4096).scaling(Scaling.perAxis(0, DType.F32));
                    lines.add(line(
                            dispatcher,
                            context,
                            GemmDesc.of(codes, b, desc.c()),
                            "i8x" + weights.id() + "g32",
                            new long[] {m, 4096, 4096}));
                }
            }
            reductions(dispatcher, context, lines);
            conversions(dispatcher, context, lines);
        }
        if ("write".equals(System.getProperty("gamut.test.golden"))) {
            Files.write(GOLDEN, lines);
        }
        assertEquals(
                String.join("\n", Files.readAllLines(GOLDEN)),
                String.join("\n", lines),
                "the chosen kernels changed: review, then run with -Dgamut.test.golden=write");
    }

    /** What is computed in other types than the operands' where the caller allows that. */
    private static void accuracies(Dispatcher dispatcher, OfferContext context, List<String> lines) {
        for (DType type : List.of(DType.F64, DType.F32)) {
            for (Accuracy accuracy : List.of(Accuracy.atLeast(type), Accuracy.within(1e-3), Accuracy.within(1e-2))) {
                for (long[] x :
                        new long[][] {{256, 256, 256}, {1024, 1024, 1024}, {4096, 4096, 4096}, {1, 4096, 4096}}) {
                    GemmDesc desc = GemmDesc.of(type, x[0], x[1], x[2]).accuracy(accuracy);
                    lines.add(line(dispatcher, context, desc, type.id() + " " + accuracy, x));
                }
            }
        }
    }

    /** Results of another type than sums. */
    private static void results(Dispatcher dispatcher, OfferContext context, List<String> lines) {
        Map<DType, DType> pairs =
                new EnumMap<>(Map.of(DType.BF16, DType.BF16, DType.F16, DType.F16, DType.I8, DType.I64));
        pairs.forEach((type, result) -> {
            for (long[] s :
                    List.of(new long[] {32, 32, 32}, new long[] {1024, 1024, 1024}, new long[] {64, 64, 200_000})) {
                GemmDesc desc = GemmDesc.of(
                        MatrixDesc.rowMajor(type, s[0], s[2]),
                        MatrixDesc.rowMajor(type, s[2], s[1]),
                        MatrixDesc.rowMajor(result, s[0], s[1]));
                lines.add(line(dispatcher, context, desc, type.id() + "-" + result.id(), s));
            }
        });
    }

    /** Whose format right operands that are used again and again are laid out in. */
    private static void packed(Dispatcher dispatcher, OfferContext context, List<String> lines) {
        for (DType type : List.of(DType.F64, DType.F32, DType.BF16, DType.F16, DType.I8)) {
            MatrixDesc b = MatrixDesc.rowMajor(type, 4096, 4096).batchStride(0);
            for (Accuracy accuracy :
                    type == DType.F64 ? List.of(Accuracy.NATIVE, Accuracy.atLeast(type)) : List.of(Accuracy.NATIVE)) {
                lines.add("packed " + type.id() + (accuracy.equals(Accuracy.NATIVE) ? "" : " " + accuracy)
                        + " 4096 4096 -> "
                        + dispatcher
                                .packer(b, accuracy, context, Overrides.NONE)
                                .map(kernel -> kernel.info().id().toString())
                                .orElse("none"));
            }
        }
    }

    /** Short, within L2 and from memory, in any order and in that of tree64. */
    private static void reductions(Dispatcher dispatcher, OfferContext context, List<String> lines) {
        for (DType type : List.of(DType.F64, DType.F32, DType.BF16)) {
            for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.DOT, ReduceOp.NRM2, ReduceOp.MIN)) {
                for (long n : new long[] {100, 50_000, 20_000_000}) {
                    ReduceDesc desc = ReduceDesc.of(op, type, Layout.rowMajor(n), ReduceDesc.ALL);
                    ReduceDesc tree = desc.determinism(Determinism.bitwise(EvaluationOrder.TREE64));
                    lines.add(op.name().toLowerCase(Locale.ROOT) + " " + type.id() + " " + n + " -> "
                            + dispatcher
                                    .select(desc, context, Overrides.NONE)
                                    .chosen()
                                    .info()
                                    .id()
                            + ", tree64 "
                            + dispatcher
                                    .select(tree, context, Overrides.NONE)
                                    .chosen()
                                    .info()
                                    .id());
                }
            }
        }
    }

    private static void conversions(Dispatcher dispatcher, OfferContext context, List<String> lines) {
        for (DType to : List.of(DType.BF16, DType.F16, DType.I8)) {
            for (long n : new long[] {8, 256, 4096}) {
                ConvertDesc desc = ConvertDesc.of(MatrixDesc.rowMajor(DType.F32, n, n), MatrixDesc.rowMajor(to, n, n));
                lines.add("f32-" + to.id() + " " + n + " " + n + " -> "
                        + dispatcher
                                .select(desc, context, Overrides.NONE)
                                .chosen()
                                .info()
                                .id());
            }
        }
    }

    private static String line(Dispatcher dispatcher, OfferContext context, GemmDesc desc, String types, long[] s) {
        return types + " " + s[0] + " " + s[1] + " " + s[2] + " -> "
                + dispatcher
                        .select(desc, context, Overrides.NONE)
                        .chosen()
                        .info()
                        .id();
    }
}
