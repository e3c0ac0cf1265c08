package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.GamutException;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.Offer;
import dev.gamut.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Evaluation orders bit by bit, special values, exact integer results and the second pass. */
class GemmSemanticsTest {
    private static GemmExecutor executor(GemmDesc desc) {
        for (ReferenceGemm kernel : GemmTable.kernels()) {
            if (kernel.offer(desc, InlineContext.OFFER) instanceof Offer.Accept<GemmExecutor> accept) {
                return accept.preparer().prepare(new InlineContext());
            }
        }
        throw new AssertionError("no kernel for " + desc);
    }

    private static GemmArgs args(Object a, Object b, Object c) {
        GemmArgs args = new GemmArgs();
        args.a().set(a, 0);
        args.b().set(b, 0);
        args.c().set(c, 0);
        return args;
    }

    private static float[] floats(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static double[] doubles(Random random, int n) {
        return random.doubles(n, -1, 1).toArray();
    }

    @Test
    void fmaKc256InF32() {
        Random random = new Random(7);
        int k = 700;
        float[] a = floats(random, 2 * k);
        float[] b = floats(random, 3 * k);
        float[] c = floats(random, 6);
        float[] expected = c.clone();
        for (int i = 0; i < 6; i++) {
            float sum = 0;
            for (int k0 = 0; k0 < k; k0 += 256) {
                float chain = 0;
                for (int p = k0; p < Math.min(k, k0 + 256); p++) {
                    chain = Math.fma(a[i / 3 * k + p], b[p * 3 + i % 3], chain);
                }
                sum += chain;
            }
            expected[i] = Math.fma(0.3f, c[i], -1.7f * sum);
        }
        executor(GemmDesc.of(DType.F32, 2, 3, k)).execute(args(a, b, c).scalars(-1.7, 0.3));
        assertArrayEquals(expected, c);
    }

    @Test
    void fmaKc256InF64() {
        Random random = new Random(8);
        int k = 513;
        double[] a = doubles(random, k);
        double[] b = doubles(random, k);
        double sum = 0;
        for (int k0 = 0; k0 < k; k0 += 256) {
            double chain = 0;
            for (int p = k0; p < Math.min(k, k0 + 256); p++) {
                chain = Math.fma(a[p], b[p], chain);
            }
            sum += chain;
        }
        double[] c = {0.7};
        double expected = Math.fma(1.1, 0.7, 0.9 * sum);
        executor(GemmDesc.of(DType.F64, 1, 1, k)).execute(args(a, b, c).scalars(0.9, 1.1));
        assertEquals(expected, c[0]);
    }

    @Test
    void runsOfConstantScale() {
        Random random = new Random(9);
        int k = 40;
        byte[] a = new byte[k];
        byte[] b = new byte[k];
        random.nextBytes(a);
        random.nextBytes(b);
        Scaling rows = Scaling.perAxis(0, DType.F32);
        Scaling blocks = Scaling.perBlock(0, 16, DType.F32);
        float[] scalesB = {0.1f, 0.7f, 1.3f};
        Tensor x = Tensor.of(a, DType.I8, dev.gamut.tensor.Layout.rowMajor(1, k), 0)
                .scaled(rows, Tensor.of(new float[] {0.3f}, 1, 1), null);
        Tensor y = Tensor.of(b, DType.I8, dev.gamut.tensor.Layout.rowMajor(k, 1), 0)
                .scaled(blocks, Tensor.of(scalesB, 3, 1), null);
        float expected = 0;
        for (int run = 0; run < 3; run++) {
            long sum = 0;
            for (int p = run * 16; p < Math.min(k, run * 16 + 16); p++) {
                sum += a[p] * b[p];
            }
            expected = (float) (expected + sum * ((double) 0.3f * scalesB[run]));
        }
        GemmArgs args = new GemmArgs();
        float[] c = new float[1];
        args.a().set(x);
        args.b().set(y);
        args.c().set(c, 0);
        GemmDesc desc = GemmDesc.of(MatrixDesc.of("a", x), MatrixDesc.of("b", y), MatrixDesc.rowMajor(DType.F32, 1, 1));
        executor(desc).execute(args);
        assertEquals(expected, c[0]);
    }

    @Test
    void nonFiniteNumbersSpread() {
        double inf = Double.POSITIVE_INFINITY;
        double[] c = new double[4];
        GemmDesc desc = GemmDesc.of(DType.F64, 2, 2, 1);
        executor(desc).execute(args(new double[] {inf, Double.NaN}, new double[] {0, -2}, c));
        assertArrayEquals(new double[] {Double.NaN, -inf, Double.NaN, Double.NaN}, c);
        executor(desc).execute(args(new double[] {Double.MIN_VALUE, -0.0}, new double[] {1, 0.5}, c));
        assertArrayEquals(new double[] {Double.MIN_VALUE, 0, 0, 0}, c);
    }

    @Test
    void alphaZeroGivesBetaTimesCAlone() {
        float[] c = {-0.0f, 3, Float.NaN, 1};
        executor(GemmDesc.of(DType.F32, 2, 2, 3))
                .execute(args(new float[6], new float[6], c).scalars(0, 1));
        assertArrayEquals(new float[] {-0.0f, 3, Float.NaN, 1}, c);
    }

    @Test
    void integerResultsAreExactOrRefused() {
        byte[] a = {100};
        byte[] b = {100};
        GemmDesc narrow = GemmDesc.of(DType.I8, 1, 1, 1);
        GemmExecutor executor = executor(narrow);
        int[] c = {5};
        executor.execute(args(a, b, c).scalars(-3, 2));
        assertEquals(-29990, c[0]);
        GamutException tooBig = assertThrows(
                GamutException.class, () -> executor.execute(args(a, b, c).scalars(1e9, 0)));
        assertTrue(tooBig.getMessage().contains("row 0, column 0 is 10000000000000"), tooBig::getMessage);
        long[] wide = {Long.MAX_VALUE};
        GemmExecutor wideExecutor = executor(narrow.c(MatrixDesc.rowMajor(DType.I64, 1, 1)));
        assertThrows(
                GamutException.class,
                () -> wideExecutor.execute(args(a, b, wide).scalars(1, 1)));
    }

    @Test
    void sumsBeyondThirtyTwoBitsAreExact() {
        int k = 200_000;
        byte[] a = new byte[k];
        byte[] b = new byte[k];
        java.util.Arrays.fill(a, (byte) 0xFF);
        java.util.Arrays.fill(b, (byte) 0xFF);
        long[] c = new long[1];
        executor(GemmDesc.of(
                        MatrixDesc.rowMajor(DType.U8, 1, k),
                        MatrixDesc.rowMajor(DType.U8, k, 1),
                        MatrixDesc.rowMajor(DType.I64, 1, 1)))
                .execute(args(a, b, c));
        assertEquals(255L * 255 * k, c[0]);
    }

    @Test
    void missingScaleFactorsAreNamed() {
        GemmDesc desc = GemmDesc.of(DType.F32, 2, 2, 2)
                .b(MatrixDesc.rowMajor(DType.I8, 2, 2).scaling(Scaling.perTensor(DType.F32)));
        GemmExecutor executor = executor(desc);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> executor.execute(args(new float[4], new byte[4], new float[4])));
        assertTrue(e.getMessage().startsWith("b comes without scale factors"), e::getMessage);
    }

    @Test
    void aSecondPassGivesTheBitsOfTheFusedEpilogue() {
        Random random = new Random(10);
        Epilogue epilogue =
                Epilogue.NONE.bias(Tensor.of(floats(random, 5), 5)).gelu().silu();
        for (DType to : new DType[] {DType.F32, DType.BF16}) {
            GemmDesc desc = GemmDesc.of(
                            MatrixDesc.rowMajor(DType.BF16, 4, 6),
                            MatrixDesc.rowMajor(DType.BF16, 6, 5),
                            MatrixDesc.rowMajor(to, 4, 5))
                    .epilogue(epilogue.ops())
                    .batch(2, 24, 30, 20);
            Tensor a = random(random, DType.BF16, 48);
            Tensor b = random(random, DType.BF16, 60);
            Tensor fused = random(random, to, 40);
            Tensor twice = Tensor.zeros(to, 40);
            twice.segment().copyFrom(fused.segment());
            executor(desc)
                    .execute(args(a.array(), b.array(), fused.array())
                            .scalars(1.3, 0.4)
                            .epilogue(epilogue));
            GemmDesc product = desc.epilogue(java.util.List.of());
            if (to != DType.F32) {
                product = product.c(MatrixDesc.rowMajor(DType.F32, 4, 5).batchStride(20));
            }
            new TwoPassGemm(desc, product, executor(product), new InlineContext())
                    .execute(args(a.array(), b.array(), twice.array())
                            .scalars(1.3, 0.4)
                            .epilogue(epilogue));
            assertEquals(-1, fused.segment().mismatch(twice.segment()), to + " differs");
        }
    }

    @Test
    void aSecondPassRequantisesSumsBeyondThirtyTwoBits() {
        int k = 200_000;
        byte[] ones = new byte[k];
        java.util.Arrays.fill(ones, (byte) -128);
        Epilogue epilogue = Epilogue.NONE.requantise(Tensor.of(new float[] {0x1p-27f}, 1), 2);
        GemmDesc desc = GemmDesc.of(
                        MatrixDesc.rowMajor(DType.I8, 1, k),
                        MatrixDesc.rowMajor(DType.I8, k, 1),
                        MatrixDesc.rowMajor(DType.I64, 1, 1))
                .epilogue(epilogue.ops())
                .c(MatrixDesc.rowMajor(DType.I8, 1, 1));
        GemmDesc product = desc.c(MatrixDesc.rowMajor(DType.I64, 1, 1)).epilogue(java.util.List.of());
        byte[] c = new byte[1];
        new TwoPassGemm(desc, product, executor(product), new InlineContext())
                .execute(args(ones, ones, c).epilogue(epilogue));
        assertEquals(Math.rint(16384.0 * k * 0x1p-27) + 2, c[0]);
    }

    /** Not in C, where products would have to be exact, with factors that are integers. */
    @Test
    void aSecondPassOverSumsOfIntegersTakesAnyFactors() {
        Epilogue epilogue = Epilogue.NONE.relu();
        GemmDesc desc = GemmDesc.of(
                        MatrixDesc.rowMajor(DType.I8, 1, 2),
                        MatrixDesc.rowMajor(DType.I8, 2, 1),
                        MatrixDesc.rowMajor(DType.I64, 1, 1))
                .epilogue(epilogue.ops());
        GemmDesc product = desc.epilogue(java.util.List.of());
        long[] c = {8};
        new TwoPassGemm(desc, product, executor(product), new InlineContext())
                .execute(args(new byte[] {3, 4}, new byte[] {2, 5}, c)
                        .scalars(0.5, 0.25)
                        .epilogue(epilogue));
        assertEquals(15, c[0]);
    }

    private static Tensor random(Random random, DType type, int n) {
        Tensor t = Tensor.zeros(type, n);
        for (int i = 0; i < n; i++) {
            t.set(random.nextGaussian(), i);
        }
        return t;
    }
}
