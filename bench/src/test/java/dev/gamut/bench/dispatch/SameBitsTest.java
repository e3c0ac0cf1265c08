package dev.gamut.bench.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.KernelInfo;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Kernels in C and in Java of the orders tree64 and residue give the same bits, each of them usable here, for sizes around lanes and blocks. */
class SameBitsTest {
    private static final Determinism TREE64 = Determinism.bitwise(EvaluationOrder.TREE64);

    private static final List<DType> BYTES = List.of(DType.I8, DType.I8, DType.I32, DType.I32);

    /** Around lanes and blocks, and more than one task. */
    private static final int[] SIZES = {0, 1, 63, 65, 4_095, 4_097, 12_305, 200_003};

    @TestFactory
    Stream<DynamicTest> reductions() {
        List<KernelId> ids;
        try (Gamut gamut = Gamut.open()) {
            ids = gamut.kernels().stream()
                    .filter(k -> k.provider().equals("native")
                            && gamut.unavailable(k).isEmpty())
                    .map(KernelInfo::id)
                    .filter(id -> id.order().equals(TREE64.order()))
                    .toList();
        }
        Assumptions.assumeTrue(!ids.isEmpty(), "cannot run here: no reduction in C on this CPU");
        return ids.stream().map(id -> DynamicTest.dynamicTest(id.toString(), () -> compare(id)));
    }

    /** Residues multiplied by each kernel for bytes that is usable here: C and Java, with and without dot products and matrix units. */
    @TestFactory
    Stream<DynamicTest> emulatedProducts() {
        List<KernelId> ids;
        try (Gamut gamut = Gamut.open()) {
            ids = gamut.kernels().stream()
                    .filter(k -> gamut.unavailable(k).isEmpty())
                    .map(KernelInfo::id)
                    .filter(id -> id.op().equals("gemm") && id.types().equals(BYTES))
                    .toList();
        }
        return Stream.of(DType.F64, DType.F32).flatMap(type -> {
            Tensor expected = emulated(type, "gemm_i8_i8_i32_i32_ref", 1);
            return ids.stream()
                    .map(id -> DynamicTest.dynamicTest(
                            type + " by " + id, () -> assertSame(expected, emulated(type, id.toString(), 2))));
        });
    }

    private static void assertSame(Tensor expected, Tensor c) {
        assertEquals(-1, expected.segment().mismatch(c.segment()));
    }

    private static Tensor emulated(DType type, String inner, int threads) {
        String types = "_" + type.id();
        String kernel = "gemm" + types.repeat(4) + "_residue_vec";
        GemmDesc desc = GemmDesc.of(type, 37, 41, 300).accuracy(Accuracy.atLeast(type));
        try (Gamut gamut =
                Gamut.open(GamutConfig.defaults().threads(threads).kernel("{" + kernel + "," + inner + "}"))) {
            GemmArgs args = new GemmArgs();
            Tensor c = Tensor.zeros(type, 37, 41);
            args.a().set(random(type, 37 * 300, 0).array(), 0);
            args.b().set(random(type, 300 * 41, 0).array(), 0);
            args.c().set(c);
            assertEquals(kernel, gamut.plan(desc).kernel().toString());
            gamut.plan(desc).run(args);
            return c;
        }
    }

    private static void compare(KernelId inC) {
        String inJava = inC.toString().replace("_" + inC.impl(), "_vec");
        ReduceOp op = ReduceOp.valueOf(inC.op().toUpperCase(Locale.ROOT));
        DType type = inC.types().getFirst();
        try (Gamut c = open(inC.toString());
                Gamut java = open(inJava)) {
            for (int n : SIZES) {
                // Of a wide range, and once so small that squares leave the range.
                for (int exponent : new int[] {0, type == DType.F64 ? -1000 : -10}) {
                    ReduceDesc desc = ReduceDesc.of(op, type, Layout.rowMajor(n), ReduceDesc.ALL)
                            .determinism(TREE64);
                    Tensor x = random(type, n, exponent);
                    Tensor y = random(type, n, exponent);
                    assertEquals(result(java, desc, x, y), result(c, desc, x, y), () -> desc + ", 2^" + exponent);
                }
            }
        }
    }

    private static Gamut open(String kernel) {
        return Gamut.open(GamutConfig.defaults().threads(2).kernel(kernel).strict(true));
    }

    private static Tensor random(DType type, int n, int exponent) {
        SplittableRandom random = new SplittableRandom(n);
        Tensor x = Tensor.zeros(type, n);
        for (int i = 0; i < n; i++) {
            x.set(Math.scalb(random.nextDouble(-1, 1), exponent - random.nextInt(12)), i);
        }
        return x;
    }

    private static double result(Gamut gamut, ReduceDesc desc, Tensor x, Tensor y) {
        ReduceArgs args = new ReduceArgs();
        Tensor out = Tensor.zeros(desc.result(), 1);
        args.x().set(x);
        args.y().set(y);
        args.out().set(out);
        gamut.plan(desc).run(args);
        return out.get(0);
    }
}
