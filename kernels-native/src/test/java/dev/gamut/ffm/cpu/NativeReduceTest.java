package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Layout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions in C beyond the rules: arrays of many steps, and what is declined, with its values. */
class NativeReduceTest {
    private static final String KERNELS = "*_{avx2,avx512,neon}";

    @BeforeEach
    void usable() {
        NativeLibraryPresent.assume();
        try (Gamut gamut = Gamut.open()) {
            boolean some = gamut.kernels().stream()
                    .anyMatch(k -> k.id().op().equals("sum")
                            && k.provider().equals("native")
                            && gamut.unavailable(k).isEmpty());
            Assumptions.assumeTrue(some, "cannot run here: no reduction in C on this CPU");
        }
    }

    private static Gamut open(String kernel, int threads) {
        return Gamut.open(GamutConfig.defaults().threads(threads).kernel(kernel).strict(true));
    }

    /** Several steps a part, several parts a thread. */
    @ParameterizedTest
    @EnumSource(names = {"SUM", "ASUM", "NRM2", "MIN", "MAX"})
    void longArraysGiveTheBitsOfTheReference(ReduceOp op) {
        SplittableRandom random = new SplittableRandom(20_261_126);
        double[] x = random.doubles(700_001, -1, 1).toArray();
        ReduceDesc desc = ReduceDesc.of(op, DType.F64, Layout.rowMajor(x.length), ReduceDesc.ALL)
                .determinism(Determinism.bitwise(EvaluationOrder.TREE64));
        double expected;
        try (Gamut reference = open("*_ref", 1)) {
            expected = reference.plan(desc).reduce(x);
        }
        for (int threads = 1; threads <= 3; threads++) {
            try (Gamut gamut = open(KERNELS, threads)) {
                ReducePlan plan = gamut.plan(desc);
                assertEquals(expected, plan.reduce(x), () -> plan.kernel().toString());
            }
        }
    }

    @Test
    void whatIsNotTakenIsDeclinedWithItsValues() {
        ReduceDesc rows = ReduceDesc.of(ReduceOp.SUM, DType.F64, Layout.rowMajor(3, 5), 1);
        assertDeclined(rows, "results are 3; this kernel gives 1");
        Layout gaps = Layout.of(new long[] {5}, new long[] {2});
        assertDeclined(
                ReduceDesc.of(ReduceOp.SUM, DType.F64, gaps, ReduceDesc.ALL),
                "x is " + gaps + "; its terms must be neighbours in row-major order");
        ReduceDesc dot = ReduceDesc.of(ReduceOp.DOT, DType.F64, Layout.rowMajor(5), ReduceDesc.ALL);
        assertDeclined(dot.y(gaps), "y is " + gaps + "; its terms must be neighbours in row-major order");
        ReduceDesc wide = ReduceDesc.of(ReduceOp.SUM, DType.F32, Layout.rowMajor(5), ReduceDesc.ALL);
        assertDeclined(wide.result(DType.F64), "result is F64; this kernel accumulates in F32");
    }

    private static void assertDeclined(ReduceDesc desc, String reason) {
        try (Gamut gamut = open(KERNELS, 1)) {
            UnsupportedProblemException e =
                    assertThrows(UnsupportedProblemException.class, () -> gamut.plan(desc), desc.toString());
            assertTrue(e.declines().stream().anyMatch(d -> d.endsWith(reason)), () -> "" + e.declines());
        }
    }
}
