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
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.RunRecord;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.KernelInfo;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
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

    /** Right operands of longer sums are not laid out beforehand. */
    private static final int LONGEST_PACKED = 1 << 15;

    /** A product by residues: how A, B and C lie, and what A and B hold that is not usual. */
    private record Problem(
            String name, int m, int n, int k, String lies, DoubleUnaryOperator ofA, DoubleUnaryOperator ofB) {
        Problem(String name, int m, int n, int k, String lies, DoubleUnaryOperator ofA) {
            this(name, m, n, k, lies, ofA, USUAL);
        }
    }

    private static final DoubleUnaryOperator USUAL = i -> Double.NaN;

    /** At the ends of a type's range. */
    private static final DoubleUnaryOperator LARGE = i -> Float.MAX_VALUE;

    private static final DoubleUnaryOperator HUGE = i -> Double.MAX_VALUE;

    private static List<Problem> problems() {
        return List.of(
                new Problem("one element", 1, 1, 1, "rrr", USUAL),
                new Problem("edges", 49, 33, 65, "rrr", USUAL),
                new Problem("columns", 37, 41, 1_030, "ccc", USUAL),
                new Problem("A across", 97, 8, 300, "crr", USUAL),
                new Problem("B along", 31, 130, 129, "rcr", USUAL),
                new Problem("blocks", 530, 1_030, 70, "rrc", USUAL),
                new Problem("C strided", 40, 50, 60, "rrs", USUAL),
                new Problem("integers", 60, 70, 80, "rrr", i -> i % 9 - 4),
                new Problem("zeros", 60, 70, 80, "rcr", i -> i % 800 < 90 ? 0 : Double.NaN),
                new Problem("a wide span", 60, 70, 80, "rrr", i -> i % 81 == 0 ? 0x1p16 : Double.NaN),
                new Problem(
                        "a block that is native",
                        530,
                        40,
                        20,
                        "rrr",
                        i -> i == 3 ? Double.POSITIVE_INFINITY : Double.NaN),
                new Problem("too wide a span", 530, 40, 20, "ccc", i -> i == 3 ? 0x1p100 : Double.NaN),
                new Problem("tiny", 20, 30, 40, "rrr", i -> (i % 7 - 3) * Float.MIN_VALUE),
                new Problem("large times small", 9, 10, 128, "rrr", LARGE, i -> 0x1p-11),
                new Problem("small times large", 9, 10, 128, "rrr", i -> 0x1p-11, LARGE),
                new Problem("huge times small", 9, 10, 128, "rrr", HUGE, i -> 0x1p-11),
                new Problem("small times huge", 9, 10, 128, "rrr", i -> 0x1p-11, HUGE),
                new Problem("subnormal times large", 9, 10, 1, "rrr", i -> 3 * Double.MIN_VALUE, i -> 0x1p60 + 0x1p10),
                new Problem("large times subnormal", 9, 10, 1, "rrr", i -> 0x1p60 + 0x1p10, i -> 3 * Double.MIN_VALUE),
                new Problem("long", 5, 6, 140_000, "rcr", USUAL));
    }

    /** Products by residues in C against those in Java: every kernel that is usable here, ways to store operands, arrays and one
     * thread, other memory and two, and right operands laid out beforehand. */
    @TestFactory
    Stream<DynamicTest> residues() {
        List<KernelId> ids;
        try (Gamut gamut = Gamut.open()) {
            ids = gamut.kernels().stream()
                    .filter(k -> k.provider().equals("native")
                            && gamut.unavailable(k).isEmpty())
                    .map(KernelInfo::id)
                    .filter(id -> id.order().equals(Optional.of(EvaluationOrder.RESIDUE)))
                    .toList();
        }
        Assumptions.assumeTrue(!ids.isEmpty(), "cannot run here: no product by residues in C on this CPU");
        return problems().stream()
                .flatMap(p ->
                        ids.stream().map(id -> DynamicTest.dynamicTest(id + ", " + p.name(), () -> compare(id, p))));
    }

    private static void compare(KernelId inC, Problem p) {
        String inJava = inC.toString().replace("_" + inC.impl(), "_vec");
        DType type = inC.types().getFirst();
        for (double[] factors : new double[][] {{1, 0}, {-0.3, 0.7}}) {
            RunRecord record = new RunRecord();
            Tensor expected = product(inJava, type, p, 1, factors, false, record);
            String detail = record.detail();
            for (int threads = 1; threads <= 2; threads++) {
                assertSame(expected, product(inC.toString(), type, p, threads, factors, false, record));
                assertEquals(detail, record.detail());
            }
            if (p.k() <= LONGEST_PACKED) {
                assertSame(expected, product(inC.toString(), type, p, 2, factors, true, record));
                assertEquals(detail, record.detail());
            }
        }
    }

    private static Tensor product(
            String kernel, DType type, Problem p, int threads, double[] factors, boolean packs, RunRecord record) {
        GemmArgs args = new GemmArgs();
        Tensor a = matrix(type, p.m(), p.k(), p.lies().charAt(0), threads == 1, 1, p.ofA());
        Tensor b = matrix(type, p.k(), p.n(), p.lies().charAt(1), threads == 1, 2, p.ofB());
        Tensor c = matrix(type, p.m(), p.n(), p.lies().charAt(2), threads == 1, 3, USUAL);
        args.a().set(a);
        args.b().set(b);
        args.c().set(c);
        GemmDesc desc = GemmDesc.of(MatrixDesc.of("a", a), MatrixDesc.of("b", b), MatrixDesc.of("c", c))
                .accuracy(Accuracy.atLeast(type));
        try (Gamut gamut = Gamut.open(
                GamutConfig.defaults().threads(threads).kernel(kernel).strict(true))) {
            args.scalars(factors[0], factors[1]).record(record);
            if (packs) {
                args.packedB(gamut.pack(b, desc.accuracy()));
                b.segment().fill((byte) 0xFF);
                desc = desc.b(args.packedB().desc());
            }
            gamut.plan(desc).run(args);
        }
        return c;
    }

    /** By rows, by columns, or with room between all elements; in an array or outside the heap; random where nothing special is there. */
    private static Tensor matrix(
            DType type, int rows, int cols, char lies, boolean heap, int seed, DoubleUnaryOperator special) {
        long[] shape = {rows, cols};
        Layout layout = switch (lies) {
            case 'r' -> Layout.rowMajor(shape);
            case 'c' -> Layout.colMajor(shape);
            default -> Layout.of(shape, new long[] {2L * cols, 2});
        };
        int room = 2 * rows * cols;
        Tensor x = heap
                ? Tensor.of(Tensor.zeros(type, room).array(), type, layout, 0)
                : Tensor.of(Arena.ofAuto().allocate(type.bytes(room), 8), type, layout);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                double there = special.applyAsDouble((double) i * cols + j);
                double drawn = random.nextDouble(-1, 1);
                x.set(Double.isNaN(there) ? drawn : there, i, j);
            }
        }
        return x;
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
