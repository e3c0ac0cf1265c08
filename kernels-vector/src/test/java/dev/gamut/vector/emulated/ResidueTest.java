package dev.gamut.vector.emulated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.conformance.Check;
import dev.gamut.conformance.Report;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.RunRecord;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Operands that try to break the bound of products by residues. Each is held against the double-double oracle with the bound of a run without native
 * blocks, (2 + 2^-5)·u, wherever there was none; the native product's error stands beside it in the output.
 */
class ResidueTest {
    private static final long SEED = 20_251_126;
    private static final String KERNELS = "gemm_*_residue_vec";
    private static final Gamut GAMUT =
            Gamut.open(GamutConfig.defaults().threads(2).kernel(KERNELS).strict(true));
    private static final Gamut NATIVE = Gamut.open(GamutConfig.defaults().threads(1));

    /** The largest error over bound so far: a bound that is never approached says nothing. */
    private static double worst;

    @AfterAll
    static void close() {
        GAMUT.close();
        NATIVE.close();
        assertTrue(worst >= 0.01, "the largest error is " + worst + " of the bound");
    }

    /** What makes an element from a random generator and its place. */
    @FunctionalInterface
    private interface Entry {
        double at(SplittableRandom random, int row, int col);
    }

    /** Whether blocks may be native. */
    private enum Route {
        RESIDUES,
        /** Residues for F64; numbers are beyond F32. */
        RESIDUES_OF_F64,
        NATIVE,
        EITHER
    }

    private record Problem(String name, int m, int n, int k, Entry a, Entry b, Route route) {}

    private static double gauss(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static Entry spread(double phi) {
        return (random, i, j) -> (random.nextDouble() - 0.5) * Math.exp(phi * gauss(random));
    }

    private static Entry uniform() {
        return (random, i, j) -> random.nextDouble(-1, 1);
    }

    private static Entry times(Entry entry, DoubleUnaryOperator ofRow, DoubleUnaryOperator ofCol) {
        return (random, i, j) -> entry.at(random, i, j) * ofRow.applyAsDouble(i) * ofCol.applyAsDouble(j);
    }

    private static List<Problem> problems() {
        DoubleUnaryOperator one = i -> 1;
        Entry u = uniform();
        return List.of(
                new Problem("φ = 0.1", 61, 67, 300, spread(0.1), spread(0.1), Route.RESIDUES),
                new Problem("φ = 0.5", 61, 67, 300, spread(0.5), spread(0.5), Route.RESIDUES),
                new Problem("φ = 1", 61, 67, 300, spread(1), spread(1), Route.RESIDUES),
                new Problem("φ = 2", 61, 67, 300, spread(2), spread(2), Route.RESIDUES),
                new Problem("φ = 4", 61, 67, 300, spread(4), spread(4), Route.EITHER),
                new Problem("φ = 6", 61, 67, 300, spread(6), spread(6), Route.EITHER),
                new Problem(
                        "rows and columns of all sizes",
                        40,
                        30,
                        90,
                        times(u, i -> Math.scalb(1.0, 20 * (int) i - 400), one),
                        times(u, one, j -> Math.scalb(1.0, 200 - 15 * (int) j)),
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "D·A·D⁻¹, 1e4",
                        40,
                        40,
                        40,
                        times(u, i -> Math.pow(10, i / 10), j -> Math.pow(10, -j / 10)),
                        times(u, i -> Math.pow(10, i / 10), j -> Math.pow(10, -j / 10)),
                        Route.EITHER),
                new Problem(
                        "D·A·D⁻¹, 1e16",
                        40,
                        40,
                        40,
                        times(u, i -> Math.pow(10, i / 2.5), j -> Math.pow(10, -j / 2.5)),
                        times(u, i -> Math.pow(10, i / 2.5), j -> Math.pow(10, -j / 2.5)),
                        Route.EITHER),
                new Problem(
                        "products that cancel",
                        20,
                        21,
                        64,
                        (r, i, p) -> (p % 2 == 0 ? 1 : -1) * (1 + (p / 2 + i) / 97.0),
                        (r, p, j) -> 1 + (p / 2 * 3 + j) / 89.0,
                        Route.RESIDUES),
                new Problem(
                        "Hilbert",
                        50,
                        50,
                        50,
                        (r, i, j) -> 1.0 / (i + j + 1),
                        (r, i, j) -> 1.0 / (i + j + 1),
                        Route.RESIDUES),
                new Problem(
                        "Vandermonde",
                        12,
                        12,
                        12,
                        (r, i, j) -> Math.pow(i + 1, j),
                        (r, i, j) -> Math.pow(j + 1, -i),
                        Route.EITHER),
                new Problem(
                        "zero rows and columns",
                        17,
                        18,
                        40,
                        times(u, i -> i % 3 == 0 ? 0 : 1, one),
                        times(u, one, j -> j % 4 == 1 ? 0 : -0.0 + (j % 2)),
                        Route.RESIDUES),
                new Problem(
                        "zeros of both signs", 8, 9, 3, (r, i, j) -> (i + j) % 2 == 0 ? 0.0 : -0.0, u, Route.RESIDUES),
                new Problem("subnormal", 12, 13, 30, times(u, i -> 0x1p-1040, one), u, Route.RESIDUES),
                new Problem(
                        "subnormal results",
                        12,
                        13,
                        30,
                        times(u, i -> 0x1p-520, one),
                        times(u, i -> 0x1p-530, one),
                        Route.RESIDUES),
                new Problem(
                        "top of the range",
                        12,
                        13,
                        30,
                        times(u, i -> 0x1p1023, one),
                        times(u, i -> 0x1p-6, one),
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "large times small",
                        3,
                        4,
                        128,
                        (r, i, j) -> 0x1p1023,
                        (r, i, j) -> 0x1p-11,
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "small times large",
                        3,
                        4,
                        128,
                        (r, i, j) -> 0x1p-11,
                        (r, i, j) -> 0x1p1023,
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "subnormal times large",
                        1,
                        2,
                        1,
                        (r, i, j) -> 3 * Double.MIN_VALUE,
                        (r, i, j) -> 0x1p60 + 0x1p10,
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "large times subnormal",
                        2,
                        1,
                        1,
                        (r, i, j) -> 0x1p60 + 0x1p10,
                        (r, i, j) -> 3 * Double.MIN_VALUE,
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "overflow",
                        12,
                        13,
                        30,
                        times(u, i -> 0x1p1023, one),
                        times(u, i -> 0x1p3, one),
                        Route.RESIDUES_OF_F64),
                new Problem(
                        "one huge element",
                        30,
                        31,
                        32,
                        (r, i, j) -> i == 3 && j == 5 ? 0x1p300 : r.nextDouble(-1, 1),
                        u,
                        Route.EITHER),
                new Problem(
                        "what is large meets nothing",
                        30,
                        31,
                        32,
                        (r, i, j) -> j == 5 ? 0x1p300 : r.nextDouble(-1, 1),
                        (r, i, j) -> i == 5 ? 0 : r.nextDouble(-1, 1),
                        Route.NATIVE),
                new Problem(
                        "infinite",
                        9,
                        10,
                        11,
                        (r, i, j) -> i == 4 && j == 4 ? Double.NEGATIVE_INFINITY : r.nextDouble(1),
                        u,
                        Route.NATIVE),
                new Problem(
                        "no number",
                        9,
                        10,
                        11,
                        u,
                        (r, i, j) -> i == 4 && j == 4 ? Double.NaN : r.nextDouble(1),
                        Route.NATIVE),
                new Problem(
                        "one bit beside many",
                        6,
                        7,
                        8,
                        (r, i, j) -> j == 0 ? 1 : Math.nextUp(0x1p-30 * (i + j)),
                        (r, i, j) -> i == 0 ? 1 : 0x1p-30 + 0x1p-82,
                        Route.RESIDUES),
                new Problem(
                        "halves of a unit",
                        16,
                        17,
                        200,
                        (r, i, j) -> 1 - (2 * r.nextInt(8) + 1) * 0x1p-53 * (j % 7),
                        (r, i, j) -> (i == 0 ? 1 : 0x1p-5) * (1 + (2 * r.nextInt(8) + 1) * 0x1p-52),
                        Route.RESIDUES),
                new Problem("k = 1", 33, 34, 1, u, u, Route.RESIDUES),
                new Problem("k = 2^17", 3, 2, 1 << 17, u, u, Route.RESIDUES),
                new Problem("k = 2^17 + 1", 2, 3, (1 << 17) + 1, u, u, Route.RESIDUES),
                new Problem("k = 300,000", 2, 2, 300_000, u, u, Route.RESIDUES),
                new Problem(
                        "bytes at their limits, k = 200,000",
                        2,
                        2,
                        200_000,
                        (r, i, j) -> 1,
                        (r, i, j) -> -1,
                        Route.RESIDUES),
                new Problem("edges of blocks", 515, 514, 20, u, u, Route.RESIDUES));
    }

    @TestFactory
    Stream<DynamicTest> staysWithinTheBound() {
        return Stream.of(DType.F64, DType.F32)
                .flatMap(type -> problems().stream()
                        .map(p -> DynamicTest.dynamicTest(type + ": " + p.name(), () -> verify(type, p))));
    }

    private static void verify(DType type, Problem p) {
        GemmDesc desc = GemmDesc.of(type, p.m(), p.n(), p.k()).accuracy(Accuracy.atLeast(type));
        GemmArgs args = new GemmArgs();
        args.a().set(tensor(type, p.m(), p.k(), p.a(), SEED));
        args.b().set(tensor(type, p.k(), p.n(), p.b(), SEED + 1));
        args.c().set(Tensor.zeros(type, p.m(), p.n()));
        RunRecord record = new RunRecord();
        GAMUT.plan(desc).run(args.record(record));
        boolean anyNative = !record.detail().contains(" 0 of ");
        ErrorBound bound = anyNative ? ErrorBound.ofAccumulation(type) : ResidueGemm.bound(type);
        Report report = Check.gemm(desc, bound, args, SEED);
        assertTrue(report.ok(), () -> report.message() + ", " + record.detail());
        if (type == DType.F64 ? p.route() != Route.EITHER : p.route() == Route.RESIDUES) {
            assertEquals(p.route() == Route.NATIVE, anyNative, record.detail());
        }
        if (!anyNative) {
            worst = Math.max(worst, report.maxErrorOverBound());
        }
        NATIVE.plan(desc.accuracy(Accuracy.NATIVE)).run(args.record(null));
        Report ieee = Check.gemm(desc, ErrorBound.ofAccumulation(type), args, SEED);
        IO.println(String.format(
                Locale.ROOT,
                "%s, %s, seed %d: %s; error %.2g of |A||B|, %.2f of the bound, native %.2g",
                type,
                p.name(),
                SEED,
                record.detail(),
                report.maxRelativeToTerms(),
                report.maxErrorOverBound(),
                ieee.maxRelativeToTerms()));
        assertTrue(
                anyNative
                        || report.maxAbsError() <= p.k() * type.minSubnormal()
                        || report.maxRelativeToTerms() <= Math.max(2 * ieee.maxRelativeToTerms(), type.unitRoundoff()),
                () -> "error " + report.maxRelativeToTerms() + " beside " + ieee.maxRelativeToTerms()
                        + " of the native product");
    }

    private static Tensor tensor(DType type, int rows, int cols, Entry entry, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor x = Tensor.zeros(type, rows, cols);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                x.set(entry.at(random, i, j), i, j);
            }
        }
        return x;
    }

    /** Only the block that residues cannot serve is native, and the others are as they would be without it. */
    @Test
    void aBlockIsNativeAlone() {
        int m = 520;
        int n = 1030;
        int k = 20;
        GemmDesc desc = GemmDesc.of(DType.F64, m, n, k).accuracy(Accuracy.atLeast(DType.F64));
        double[] a = array(m * k);
        double[] b = array(k * n);
        double[] plain = new double[m * n];
        GAMUT.plan(desc).run(a, b, plain);
        b[600] = Double.NaN;
        GemmArgs args = new GemmArgs();
        double[] c = new double[m * n];
        args.a().set(a, 0);
        args.b().set(b, 0);
        args.c().set(c, 0);
        RunRecord record = new RunRecord();
        GAMUT.plan(desc).run(args.record(record));
        assertTrue(record.detail().endsWith("2 of 6 blocks native"), record.detail());
        double[] ieee = new double[m * n];
        NATIVE.plan(desc.accuracy(Accuracy.NATIVE)).run(a, b, ieee);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double expected = j >= 512 && j < 1024 ? ieee[i * n + j] : plain[i * n + j];
                assertEquals(expected, c[i * n + j], 0, "row " + i + ", column " + j);
            }
        }
    }

    private static double[] array(int n) {
        SplittableRandom random = new SplittableRandom(SEED);
        return random.doubles(n, -1, 1).toArray();
    }

    /** Whoever multiplies the residues, on however many threads. */
    @Test
    void bitsDoNotDependOnTheRoute() {
        int m = 70;
        int n = 530;
        int k = 2100;
        GemmDesc desc = GemmDesc.of(DType.F64, m, n, k).accuracy(Accuracy.atLeast(DType.F64));
        double[] a = array(m * k);
        double[] b = array(k * n);
        a[5] = 0x1p60; // makes a span of the first rows
        double[] expected = new double[m * n];
        GAMUT.plan(desc).run(a, b, expected);
        for (String inner : List.of("*_12x2v_vec", "*_5x2v_vec", "*_4x5v_vec")) {
            String globs = "{" + KERNELS + ",gemm_i8_i8_i32_i32" + inner.substring(1) + "}";
            try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(1).kernel(globs))) {
                double[] c = new double[m * n];
                GemmArgs args = new GemmArgs();
                args.a().set(a, 0);
                args.b().set(b, 0);
                args.c().set(c, 0);
                gamut.plan(desc).run(args);
                assertEquals(
                        "gemm_f64_f64_f64_f64_residue_vec",
                        gamut.plan(desc).kernel().toString());
                assertArrayEquals(expected, c, inner);
            }
        }
        assertTrue(Arrays.stream(expected).anyMatch(x -> x != 0));
    }

    /** Weights of the remainder theorem, on numbers of which the answer is known: every sum of two residues. */
    @Test
    void remaindersOfIntegersGiveThemBack() {
        int ld = Reconstruction.PITCH;
        for (int s : new int[] {2, 5, Precision.WHOLE}) {
            Moduli moduli = Moduli.of(s);
            SplittableRandom random = new SplittableRandom(SEED);
            int[] c = new int[s * ld];
            double[] expected = new double[ld];
            for (int j = 0; j < ld; j++) {
                long x = random.nextLong(-(long) (moduli.high / 2 * 0.99), (long) (moduli.high / 2 * 0.99));
                expected[j] = x;
                for (int i = 0; i < s; i++) {
                    c[i * ld + j] =
                            (int) (x % moduli.moduli[i]) + moduli.moduli[i] * random.nextInt(-1_000_000, 1_000_000);
                }
            }
            double[] x = new double[ld];
            for (boolean fine : new boolean[] {false, true}) {
                Reconstruction.sums(c, 0, ld, ld, moduli, fine, true, x);
                assertArrayEquals(expected, x);
            }
        }
    }
}
