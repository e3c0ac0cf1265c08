package dev.gamut.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import org.junit.jupiter.api.Test;

/** What a declared bound amounts to, and which demands it meets, to the last unit. */
class AccuracyTest {
    @Test
    void boundsAreThoseOfTheirFormulas() {
        ErrorBound chain = ErrorBound.ofAccumulation(DType.F32);
        assertEquals(2 * 0x1p-24, chain.relative(0));
        assertEquals(102 * 0x1p-24, chain.relative(100));
        assertEquals(100 * 0x1p-149, chain.absolute(100));
        ErrorBound tree = ErrorBound.ofTree(DType.F64, 7);
        long[] terms = {0, 1, 2, 3, 4, 5, 4_096, 4_097, 1L << 40};
        int[] levels = {0, 0, 1, 2, 2, 3, 12, 13, 40};
        for (int i = 0; i < terms.length; i++) {
            assertEquals((7 + levels[i]) * 0x1p-53, tree.relative(terms[i]), "of " + terms[i] + " terms");
        }
        assertEquals(10 * 0x1p-53, tree.plus(3).relative(1));
        assertTrue(ErrorBound.ofAccumulation(DType.I32).isExact());
        assertFalse(new ErrorBound(0, 0, 0, 0, 1e-30).isExact());
        assertThrows(IllegalArgumentException.class, () -> new ErrorBound(Double.NaN, 1, 0, 0, 0));
    }

    @Test
    void atLeastMeansRoundingsAndUnderflow() {
        Accuracy f32 = Accuracy.atLeast(DType.F32);
        ErrorBound native32 = ErrorBound.ofAccumulation(DType.F32);
        assertTrue(f32.admits(native32, false, 100));
        assertFalse(f32.admits(native32.plus(1), false, 100));
        assertTrue(f32.admits(ErrorBound.EXACT, false, 100));
        ErrorBound flushing = new ErrorBound(0x1p-24, 1, 0, 2, 0x1p-126); // takes numbers below the normal ones for 0
        assertFalse(f32.admits(flushing, true, 100));
        assertTrue(Accuracy.within(102 * 0x1p-24).admits(flushing, false, 100));
        assertFalse(Accuracy.within(101 * 0x1p-24).admits(flushing, false, 100));
        assertTrue(Accuracy.NATIVE.admits(flushing, true, 100));
        assertFalse(Accuracy.NATIVE.admits(ErrorBound.EXACT, false, 100));
    }

    @Test
    void anOrderIsMetByItselfOrByWhatHasNone() {
        Determinism tree = Determinism.bitwise(EvaluationOrder.TREE64);
        Determinism chain = Determinism.bitwise(EvaluationOrder.FMA_KC256);
        Determinism exact = Determinism.bitwise(EvaluationOrder.EXACT);
        assertTrue(tree.meets(tree) && tree.meets(Determinism.BITWISE) && tree.meets(Determinism.RUN_TO_RUN));
        assertTrue(exact.meets(tree) && exact.meets(chain));
        assertFalse(chain.meets(tree) || tree.meets(exact));
        assertFalse(Determinism.RUN_TO_RUN.meets(Determinism.BITWISE));
        assertFalse(Determinism.ANY.meets(Determinism.RUN_TO_RUN));
    }
}
