package dev.gamut.bench.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class OperandsTest {
    @Test
    void aTransposedViewIsCopiedAsItIsStoredOrAsItIsSeen() {
        Tensor stored = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        try (Arena arena = Arena.ofConfined()) {
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, floats(Operands.copy(stored.transpose(), arena)));
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, floats(Operands.rows(stored, arena)));
            MemorySegment seen = Operands.rows(stored.transpose(), arena);
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, floats(seen));
            assertEquals(0, seen.address() % 64);
        }
    }

    @Test
    void halfBytesHaveNoRows() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor codes = Tensor.zeros(DType.I4, 2, 2);
            assertThrows(IllegalArgumentException.class, () -> Operands.rows(codes, arena));
        }
    }

    private static float[] floats(MemorySegment segment) {
        return segment.toArray(ValueLayout.JAVA_FLOAT);
    }
}
