package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.internal.reference.GemmProblem.Placement;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every registered product on small integers, where the only right answer is the exact one. */
class ReferenceGemmTest {
    private static final int[][] SHAPES = {{3, 5, 4}, {1, 1, 1}, {2, 3, 0}, {0, 2, 3}, {2, 0, 3}, {7, 2, 70}};
    private static final double[] FACTORS = {0, 1, -2.5};
    private static final Placement PLAIN = new Placement(true, 0, 0);
    private static final Scaling[] UNSCALED = {Scaling.NONE, Scaling.NONE};

    static Stream<ReferenceGemm> kernels() {
        return GemmTable.kernels().stream();
    }

    private static List<DType> types(GemmKernel kernel) {
        return kernel.info().id().types();
    }

    private static boolean exact(GemmKernel kernel) {
        return types(kernel).get(2).isInteger();
    }

    /** Integer results of 8 bits need an epilogue that brings them into range. */
    private static Epilogue base(GemmProblem p) {
        boolean narrow = p.c.type.isInteger() && p.c.type.bits() < 32;
        return narrow ? Epilogue.NONE.requantise(Tensor.of(new float[] {0.25f}, 1), 3) : Epilogue.NONE;
    }

    private static void run(GemmKernel kernel, GemmProblem p) {
        GemmProblem.executor(kernel, p.desc()).execute(p.args());
        p.check(kernel.info().id().toString());
    }

    @Test
    void everyKernelHasAnIdOfItsOwnThatParses() {
        Set<KernelId> seen = new HashSet<>();
        for (ReferenceGemm kernel : GemmTable.kernels()) {
            KernelId id = kernel.info().id();
            assertTrue(seen.add(id), id::toString);
            assertEquals(id, KernelId.parse(id.toString()));
        }
        for (String id : new String[] {"gemm_f64_f64_f64_f64_fma-kc256_ref", "gemm_i8_i8_i32_i32_ref"}) {
            assertTrue(seen.contains(KernelId.parse(id)), id);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyShapeOrderAndFactor(ReferenceGemm kernel) {
        int seed = 0;
        for (int[] s : SHAPES) {
            for (double alpha : FACTORS) {
                for (double beta : FACTORS) {
                    int bits = seed++;
                    for (int majors = 0; majors < 8; majors++) {
                        Placement[] at = {
                            new Placement((majors & 1) == 0, bits % 3, majors),
                            new Placement((majors & 2) == 0, bits % 2, 1),
                            new Placement((majors & 4) == 0, bits % 3, 2)
                        };
                        GemmProblem p = new GemmProblem(types(kernel), s[0], s[1], s[2], 1, at, UNSCALED, seed);
                        p.epilogue = base(p);
                        boolean whole = exact(kernel) && p.c.type.isInteger() && p.epilogue.isEmpty();
                        p.alpha = whole ? Math.rint(alpha) : alpha;
                        p.beta = whole ? Math.rint(beta) : beta;
                        run(kernel, p);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void moreThanATileAndABlockOfK(ReferenceGemm kernel) {
        Placement[] at = {new Placement(false, 1, 0), PLAIN, new Placement(true, 3, 5)};
        GemmProblem p = new GemmProblem(types(kernel), 65, 67, 259, 1, at, UNSCALED, 1);
        p.epilogue = base(p);
        run(kernel, p);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void batches(ReferenceGemm kernel) {
        Placement[] at = {new Placement(false, 1, 0), new Placement(true, 2, 1), new Placement(true, 1, 2)};
        GemmProblem p = new GemmProblem(types(kernel), 3, 4, 5, 3, at, UNSCALED, 2);
        p.epilogue = base(p);
        p.beta = 1;
        run(kernel, p);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void epilogues(ReferenceGemm kernel) {
        GemmProblem p = new GemmProblem(types(kernel), 3, 4, 5, 2, new Placement[] {PLAIN, PLAIN, PLAIN}, UNSCALED, 3);
        Tensor residual = Tensor.zeros(DType.F32, 2, 3, 4);
        for (int i = 0; i < 24; i++) {
            residual.set(i - 11, i / 12, i / 4 % 3, i % 4);
        }
        float[] perColumn = {0.25f, 0.5f, 0.125f, 1};
        p.epilogue = Epilogue.NONE
                .bias(Tensor.of(new float[] {1, -2, 3, -4}, 4))
                .rowBias(Tensor.of(new double[] {-1, 0, 2}, 3))
                .relu()
                .residual(residual)
                .requantise(Tensor.of(perColumn, 4), -1);
        p.alpha = -2.5;
        p.beta = 1;
        run(kernel, p);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void scaleFactorsAndZeroPoints(ReferenceGemm kernel) {
        if (exact(kernel)) {
            assertDeclinesScales(kernel);
            return;
        }
        boolean runs = kernel.info().id().order().orElseThrow().equals(RunsGemm.RUNS);
        List<Scaling> choices = scalings(runs);
        for (int i = 0; i < choices.size(); i++) {
            for (int other : new int[] {0, 3, 7, i}) {
                Scaling left = choices.get(i).axis() < 0
                        ? choices.get(i)
                        : choices.get(i).transpose();
                Scaling[] by = {left, choices.get(other)};
                Placement[] at = {new Placement(i % 2 == 0, 1, 0), new Placement(i % 3 == 0, 0, 1), PLAIN};
                GemmProblem p = new GemmProblem(types(kernel), 4, 5, 70, 1, at, by, i);
                p.alpha = i % 2 == 0 ? 1 : -2.5;
                run(kernel, p);
            }
        }
    }

    /** Along k, across k and both, for a right operand, whose axis 0 is k. */
    private static List<Scaling> scalings(boolean integerZeros) {
        List<Scaling> all = new ArrayList<>(List.of(
                Scaling.NONE,
                Scaling.perTensor(DType.F32),
                Scaling.perAxis(1, DType.BF16),
                Scaling.perAxis(0, DType.F32),
                Scaling.perBlock(0, 32, DType.F16),
                Scaling.perBlock(0, 1, DType.F8E4M3),
                Scaling.perBlock(1, 2, DType.F8E8M0),
                Scaling.perBlock(0, 32, DType.F8E8M0).withZeroPoints(DType.I4),
                Scaling.perAxis(1, DType.F32).withZeroPoints(DType.U8),
                Scaling.perTensor(DType.F16).withZeroPoints(DType.I8)));
        if (!integerZeros) {
            all.add(Scaling.perBlock(0, 16, DType.F32).withZeroPoints(DType.F32));
            all.add(Scaling.perAxis(1, DType.F32).withZeroPoints(DType.I32));
        }
        return all;
    }

    private static void assertDeclinesScales(ReferenceGemm kernel) {
        List<DType> t = types(kernel);
        MatrixDesc a = MatrixDesc.rowMajor(t.get(0), 2, 2).scaling(Scaling.perTensor(DType.F32));
        GemmProblem p = new GemmProblem(t, 2, 2, 2, 1, new Placement[] {PLAIN, PLAIN, PLAIN}, UNSCALED, 0);
        p.epilogue = base(p);
        Offer.Decline<?> decline =
                assertInstanceOf(Offer.Decline.class, kernel.offer(p.desc().a(a), InlineContext.OFFER));
        assertTrue(decline.reason().startsWith("a has scaling"), decline::reason);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void readsNothingItNeedNot(ReferenceGemm kernel) {
        Placement[] at = {PLAIN, PLAIN, PLAIN};
        GemmProblem zeroAlpha = new GemmProblem(types(kernel), 3, 4, 6, 1, at, UNSCALED, 4);
        zeroAlpha.epilogue = base(zeroAlpha);
        zeroAlpha.alpha = 0;
        zeroAlpha.beta = 1;
        zeroAlpha.a.poisonAll();
        zeroAlpha.b.poisonAll();
        run(kernel, zeroAlpha);
        GemmProblem zeroBeta = new GemmProblem(types(kernel), 3, 4, 6, 1, at, UNSCALED, 5);
        zeroBeta.epilogue = base(zeroBeta);
        zeroBeta.c.poisonAll();
        run(kernel, zeroBeta);
    }

    @Test
    void declinesNameWhatStandsAgainstThem() {
        ReferenceGemm f64 = GemmTable.kernels().get(0);
        GemmProblem p = new GemmProblem(types(f64), 2, 2, 2, 1, new Placement[] {PLAIN, PLAIN, PLAIN}, UNSCALED, 0);
        Offer<?> packed = f64.offer(p.desc().b(p.b.desc.packed(f64.info().id())), InlineContext.OFFER);
        assertTrue(assertInstanceOf(Offer.Decline.class, packed).reason().contains("b is packed for"));
        Offer<?> types = GemmTable.kernels().get(1).offer(p.desc(), InlineContext.OFFER);
        assertTrue(assertInstanceOf(Offer.Decline.class, types).reason().contains("F64, F64, F64, F64"));
    }
}
