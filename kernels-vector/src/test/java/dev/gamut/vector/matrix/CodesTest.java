package dev.gamut.vector.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks of a narrow operand against one element at a time, from every direction and with every kind of scale factors. */
class CodesTest {
    private static final int ROWS = 37;
    private static final int COLS = 70;

    private final Random random = new Random(11);

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F8E4M3", "F8E5M2", "I8", "U8", "I4", "F4E2M1"})
    void blocksAreWhatTheirElementsAre(DType type) {
        List<Scaling> scalings = List.of(
                Scaling.NONE,
                Scaling.perTensor(DType.F32),
                Scaling.perAxis(0, DType.F16),
                Scaling.perAxis(1, DType.F32),
                Scaling.perBlock(1, 32, DType.F32),
                Scaling.perBlock(0, 8, DType.BF16),
                Scaling.perBlock(1, 32, DType.F32).withZeroPoints(DType.I8));
        try (Arena arena = Arena.ofConfined()) {
            for (Scaling scaling : scalings) {
                Tensor codes = random(type, ROWS, COLS);
                Tensor there = Tensor.of(copy(codes.segment(), arena), type, codes.layout());
                for (Tensor x : List.of(codes, there)) {
                    Tensor scaled = scaling.hasScales() ? scaled(x, scaling) : x;
                    check(scaled, false);
                    check(scaled, true);
                }
            }
        }
    }

    /** Reads the tensor, or its transpose as a driver turns it round. */
    private static void check(Tensor x, boolean transposed) {
        MatrixDesc desc = MatrixDesc.of("x", x);
        Codes<?> codes = new Codes<>(transposed ? desc.transpose() : desc, transposed, false, new F32Elements());
        Operand operand = new Operand();
        operand.set(x);
        codes.bind(operand);
        int[][] blocks = {{0, 0, ROWS, COLS}, {3, 32, 20, 17}, {1, 2, 1, 33}, {5, 64, 30, 1}};
        for (int[] b : blocks) {
            for (boolean byColumns : new boolean[] {false, true}) {
                int row = transposed ? b[1] : b[0];
                int col = transposed ? b[0] : b[1];
                int rows = transposed ? b[3] : b[2];
                int cols = transposed ? b[2] : b[3];
                int outer = byColumns ? cols : rows;
                int inner = byColumns ? rows : cols;
                int ld = inner + 3;
                float[] got = new float[5 + outer * ld];
                codes.read(0, row, col, byColumns, outer, inner, got, 5, ld, new Workspace());
                for (int o = 0; o < outer; o++) {
                    for (int i = 0; i < inner; i++) {
                        int r = row + (byColumns ? i : o);
                        int c = col + (byColumns ? o : i);
                        float want = transposed ? value(x, c, r) : value(x, r, c);
                        assertEquals(want, got[5 + o * ld + i], x + " element " + r + ", " + c);
                    }
                }
            }
        }
        codes.release();
    }

    /** Bytes that hold more elements of 4 bits than an int counts. */
    @Test
    void elementsBeyondTheRangeOfIntAreFound() {
        long room = Runtime.getRuntime().maxMemory() >> 20;
        assumeTrue(room >= 2_500, () -> "cannot run here: no array of 1 GiB fits into a heap of " + room + " MiB");
        byte[] bytes = new byte[(1 << 30) + 64];
        int first = 1 << 30;
        for (int i = 0; i < 8; i++) {
            bytes[first + i] = (byte) (16 * (i + 8) + i);
        }
        Operand operand = new Operand();
        operand.set(bytes, 0);
        MatrixDesc desc = MatrixDesc.rowMajor(DType.I4, 2, 2L * first);
        Codes<?> codes = new Codes<>(desc, false, false, new F32Elements());
        codes.bind(operand);
        float[] got = new float[16];
        codes.read(0, 1, 0, false, 1, 16, got, 0, 16, new Workspace());
        for (int i = 0; i < 8; i++) {
            assertEquals(i, got[2 * i]);
            assertEquals(i - 8, got[2 * i + 1]);
        }
        codes.write(new float[] {-3, 7}, 0, 2, 0, 1, 3, false, 1, 2, new Workspace());
        assertEquals((byte) 0xD1, bytes[first + 1]);
        assertEquals((byte) 0xA7, bytes[first + 2]);
    }

    private static float value(Tensor x, int r, int c) {
        double code = element(x, r, c);
        if (!x.scaling().hasScales()) {
            return (float) code;
        }
        long i = x.scaling().scaleRow(r);
        long j = x.scaling().scaleCol(c);
        double zero = x.zeroPoints() == null ? 0 : element(x.zeroPoints(), i, j);
        return (float) (element(x.scales(), i, j) * (code - zero));
    }

    private static double element(Tensor t, long r, long c) {
        long at = t.offset() + r * t.layout().stride(0) + c * t.layout().stride(1);
        return t.dtype().load(t.segment(), at);
    }

    private Tensor scaled(Tensor x, Scaling scaling) {
        long[] shape = scaling.scaleShape(new long[] {ROWS, COLS});
        Tensor factors = Tensor.zeros(scaling.scaleType(), shape);
        for (long i = 0; i < shape[0] * shape[1]; i++) {
            factors.dtype().store(factors.segment(), i, 0.1 + random.nextDouble());
        }
        Tensor zeros = scaling.zeroPointType()
                .map(type -> random(type, (int) shape[0], (int) shape[1]))
                .orElse(null);
        return x.scaled(scaling, factors, zeros);
    }

    private Tensor random(DType type, int rows, int cols) {
        Tensor t = Tensor.zeros(type, rows, cols);
        byte[] bytes = new byte[(int) t.segment().byteSize()];
        random.nextBytes(bytes);
        t.segment().copyFrom(MemorySegment.ofArray(bytes));
        return t;
    }

    private static MemorySegment copy(MemorySegment from, Arena arena) {
        MemorySegment to = arena.allocate(from.byteSize(), 8);
        to.copyFrom(from);
        return to;
    }
}
