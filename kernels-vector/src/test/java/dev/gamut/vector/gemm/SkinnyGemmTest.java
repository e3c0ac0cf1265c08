package dev.gamut.vector.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.tensor.Tensor;
import dev.gamut.vector.VectorProvider;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row times weights at the ends of the range, where codes without their factors overflow, or hide what a factor makes of them. */
class SkinnyGemmTest {
    private static final int N = 9;

    /** A row of equal numbers times weights of equal codes, which lie along k. */
    private static float[] product(int k, float x, Tensor codes, Scaling scaling, Tensor factors) {
        Tensor weights = codes.transpose().scaled(scaling, factors, null);
        MatrixDesc b = MatrixDesc.of("b", weights);
        GemmDesc desc = GemmDesc.of(MatrixDesc.rowMajor(DType.F32, 1, k), b, MatrixDesc.rowMajor(DType.F32, 1, N));
        float[] row = new float[k];
        Arrays.fill(row, x);
        float[] c = new float[N];
        GemmArgs args = new GemmArgs();
        args.a().set(row, 0);
        args.b().set(weights);
        args.c().set(c, 0);
        VectorProvider provider = new VectorProvider();
        TestContext context = new TestContext(provider.tuning(), 1, false);
        GemmKernel skinny = provider.kernels().stream()
                .filter(GemmKernel.class::isInstance)
                .map(GemmKernel.class::cast)
                .filter(kernel -> kernel.info().id().impl().equals("vecskinny"))
                .filter(kernel -> kernel.info().id().types().equals(desc.types()))
                .findFirst()
                .orElseThrow();
        Offer.Accept<GemmExecutor> accept = (Offer.Accept<GemmExecutor>) skinny.offer(desc, context.offerContext());
        accept.preparer().prepare(context).execute(args);
        return c;
    }

    private static Tensor filled(DType type, double value, long... shape) {
        Tensor x = Tensor.zeros(type, shape);
        for (long i = 0; i < x.layout().extent(); i++) {
            type.store(x.segment(), i, value);
        }
        return x;
    }

    /** 2^18 products of 2^112 are 2^130, but times 2^-20 they are 2^110. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"I8", "I4"})
    void sumsOfCodesMayOverflow(DType type) {
        int k = 1 << 18;
        Tensor codes = filled(type, 4, N, k);
        for (Scaling scaling : List.of(Scaling.perTensor(DType.F32), Scaling.perAxis(1, DType.F32))) {
            Tensor factors = filled(DType.F32, 0x1p-20, scaling.scaleShape(new long[] {k, N}));
            float[] expected = new float[N];
            Arrays.fill(expected, 0x1p110f);
            assertEquals(Arrays.toString(expected), Arrays.toString(product(k, 0x1p110f, codes, scaling, factors)));
        }
    }

    /** Infinity times 0 is no number, and neither is infinity less infinity, however finite a sum of codes is. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"I8", "I4"})
    void infiniteFactorsMeetEachCode(DType type) {
        int k = 256;
        Scaling scaling = Scaling.perBlock(0, 32, DType.F16);
        for (int other : new int[] {0, -1, 2}) {
            Tensor codes = filled(type, 2, N, k);
            for (int j = 0; j < N; j++) {
                type.store(codes.segment(), (long) j * k + 69, other);
            }
            Tensor factors = filled(DType.F16, 1, k / 32, N);
            for (int j = 0; j < N; j++) {
                DType.F16.store(factors.segment(), 2 * N + j, Double.POSITIVE_INFINITY);
            }
            float expected = other > 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            for (float got : product(k, 1, codes, scaling, factors)) {
                assertEquals(expected, got, "code " + other);
            }
        }
    }
}
