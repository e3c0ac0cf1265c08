package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes, indices and checks of the quantisation axis. */
class ScalingTest {
    static List<Scaling> scalings() {
        return List.of(
                Scaling.NONE,
                Scaling.perTensor(DType.F32),
                Scaling.perTensor(DType.F8E4M3),
                Scaling.perAxis(0, DType.F16),
                Scaling.perAxis(1, DType.F16),
                Scaling.perBlock(0, 3, DType.F8E8M0),
                Scaling.perBlock(1, 4, DType.BF16),
                Scaling.perBlock(1, 32, DType.F32).withZeroPoints(DType.U8));
    }

    @Test
    void shapesCountTheBoxes() {
        long[] data = {7, 10};
        assertArrayEquals(new long[] {0, 0}, Scaling.NONE.scaleShape(data));
        assertArrayEquals(new long[] {1, 1}, Scaling.perTensor(DType.F32).scaleShape(data));
        assertArrayEquals(new long[] {7, 1}, Scaling.perAxis(0, DType.F32).scaleShape(data));
        assertArrayEquals(new long[] {1, 10}, Scaling.perAxis(1, DType.F32).scaleShape(data));
        assertArrayEquals(new long[] {3, 10}, Scaling.perBlock(0, 3, DType.F32).scaleShape(data));
        assertArrayEquals(new long[] {7, 2}, Scaling.perBlock(1, 5, DType.F32).scaleShape(data));
        assertArrayEquals(new long[] {7, 1}, Scaling.perBlock(1, 32, DType.F32).scaleShape(data));
        assertArrayEquals(
                new long[] {2, 4, 3}, Scaling.perBlock(2, 32, DType.F32).scaleShape(new long[] {2, 4, 65}));
        assertArrayEquals(new long[] {7, 0}, Scaling.perBlock(1, 5, DType.F32).scaleShape(new long[] {7, 0}));
        assertArrayEquals(new long[] {}, Scaling.perTensor(DType.F32).scaleShape(new long[] {}));
        long huge = Long.MAX_VALUE;
        assertArrayEquals(
                new long[] {huge / 2 + 1}, Scaling.perBlock(0, 2, DType.F32).scaleShape(new long[] {huge}));
    }

    @Test
    void numbersFitF32WhereTheirDifferencesDo() {
        Scaling plain = Scaling.perTensor(DType.F32);
        assertTrue(Scaling.NONE.fitsF32(DType.F64));
        assertTrue(plain.fitsF32(DType.F32));
        assertTrue(plain.fitsF32(DType.F8E5M2));
        assertTrue(plain.withZeroPoints(DType.U8).fitsF32(DType.I4));
        assertFalse(plain.fitsF32(DType.F64));
        assertFalse(plain.fitsF32(DType.I32));
        assertFalse(plain.withZeroPoints(DType.I32).fitsF32(DType.I8));
        assertFalse(plain.withZeroPoints(DType.F16).fitsF32(DType.I8));
        assertFalse(plain.withZeroPoints(DType.I8).fitsF32(DType.F8E5M2));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void everyElementHasAScaleAndEveryScaleAnElement(Scaling scaling) {
        long[] shape = scaling.scaleShape(new long[] {7, 10});
        Set<List<Long>> used = new HashSet<>();
        for (int row = 0; row < 7; row++) {
            for (int col = 0; col < 10; col++) {
                used.add(List.of(scaling.scaleRow(row), scaling.scaleCol(col)));
            }
        }
        for (List<Long> scale : used) {
            assertTrue(!scaling.hasScales() || scale.get(0) < shape[0] && scale.get(1) < shape[1]);
        }
        assertEquals(scaling.hasScales() ? shape[0] * shape[1] : 1, used.size());
    }

    @Test
    void indicesDivideByTheBox() {
        Scaling blocks = Scaling.perBlock(1, 32, DType.F32);
        assertEquals(5, blocks.scaleRow(5));
        assertEquals(0, blocks.scaleCol(31));
        assertEquals(1, blocks.scaleCol(32));
        Scaling rows = Scaling.perAxis(0, DType.F32);
        assertEquals(5, rows.scaleRow(5));
        assertEquals(0, rows.scaleCol(5));
        assertEquals(0, Scaling.perTensor(DType.F32).scaleRow(5));
        assertEquals(0, Scaling.NONE.scaleCol(5));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void transposingSwapsRowsAndColumns(Scaling scaling) {
        Scaling transposed = scaling.transpose();
        long[] shape = scaling.scaleShape(new long[] {7, 10});
        assertArrayEquals(new long[] {shape[1], shape[0]}, transposed.scaleShape(new long[] {10, 7}));
        for (int i = 0; i < 70; i++) {
            assertEquals(scaling.scaleRow(i), transposed.scaleCol(i));
            assertEquals(scaling.scaleCol(i), transposed.scaleRow(i));
        }
        assertEquals(scaling, transposed.transpose());
        assertEquals(scaling.zeroPointType(), transposed.zeroPointType());
    }

    @Test
    void onlyMatrixScalingsAreTransposed() {
        assertThrows(
                IllegalStateException.class, () -> Scaling.perAxis(2, DType.F32).transpose());
        assertSame(Scaling.NONE, Scaling.NONE.transpose());
    }

    @Test
    void equalPartsMakeEqualKeys() {
        assertEquals(Scaling.perBlock(1, 32, DType.F16), Scaling.perBlock(1, 32, DType.F16));
        assertEquals(
                Scaling.perBlock(1, 32, DType.F16).withZeroPoints(DType.I4).hashCode(),
                Scaling.perBlock(1, 32, DType.F16).withZeroPoints(DType.I4).hashCode());
        assertEquals(scalings().size(), new HashSet<>(scalings()).size());
        assertNotEquals(
                Scaling.perTensor(DType.F32), Scaling.perTensor(DType.F32).withZeroPoints(DType.U8));
    }

    @Test
    void zeroPointsAreOptional() {
        Scaling plain = Scaling.perTensor(DType.F32);
        assertFalse(plain.hasZeroPoints());
        assertEquals(Optional.of(DType.U8), plain.withZeroPoints(DType.U8).zeroPointType());
        assertTrue(plain.withZeroPoints(DType.F16).hasZeroPoints());
        assertTrue(plain.hasScales());
        assertFalse(Scaling.NONE.hasScales());
    }

    @Test
    void badPartsAreRefusedByName() {
        assertRefused("scaleType is I8", () -> Scaling.perTensor(DType.I8));
        assertRefused("scaleType is F64", () -> Scaling.perAxis(0, DType.F64));
        assertRefused("axis is -1", () -> Scaling.perAxis(-1, DType.F32));
        assertRefused("block is 0", () -> Scaling.perBlock(0, 0, DType.F32));
        assertRefused("block is -4", () -> Scaling.perBlock(0, -4, DType.F32));
        assertRefused("zeroPointType", () -> Scaling.perTensor(DType.F32).withZeroPoints(DType.F8E8M0));
        assertRefused("zeroPointType", () -> Scaling.NONE.withZeroPoints(DType.I8));
        assertRefused("axis is 0", () -> raw(Scaling.Granularity.PER_TENSOR, 0, 0, DType.F32));
        assertRefused("block is 8", () -> raw(Scaling.Granularity.PER_AXIS, 0, 8, DType.F32));
        assertRefused("scaleType is F16", () -> raw(Scaling.Granularity.NONE, -1, 0, DType.F16));
        assertRefused("more than 2 axes", () -> Scaling.perAxis(2, DType.F32).scaleShape(new long[] {3, 4}));
        assertRefused("dataShape[1] is -4", () -> Scaling.NONE.scaleShape(new long[] {3, -4}));
    }

    private static Scaling raw(Scaling.Granularity granularity, int axis, int block, DType scaleType) {
        return new Scaling(granularity, axis, block, scaleType, Optional.empty());
    }

    private static void assertRefused(String message, Executable call) {
        var error = assertThrows(IllegalArgumentException.class, call);
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
