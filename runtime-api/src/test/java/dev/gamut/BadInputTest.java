package dev.gamut;

import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I64;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.dtype.DType.U8;
import static dev.gamut.gemm.Order.COL_MAJOR;
import static dev.gamut.gemm.Order.ROW_MAJOR;
import static dev.gamut.gemm.Transpose.NO_TRANS;
import static dev.gamut.gemm.Transpose.TRANS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.RemoteMemory;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every bad argument is refused by name, with its value and what is allowed, and nothing is written. */
class BadInputTest {
    private final double[] shared = new double[400];
    private Gamut gamut;

    @BeforeEach
    void open() {
        gamut = Gamut.open(GamutConfig.defaults().threads(2));
    }

    @AfterEach
    void close() {
        gamut.close();
    }

    private static void refused(String message, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().contains(message), () -> "'" + e.getMessage() + "' should contain '" + message + "'");
    }

    @Test
    void factorsOfExactResults() {
        GemmPlan plan = gamut.plan(GemmDesc.of(I8, 2, 2, 2));
        GemmArgs args = new GemmArgs();
        args.a().set(new byte[4], 0);
        args.b().set(new byte[4], 0);
        args.c().set(new int[4], 0);
        String allowed = "; an exact I32 result needs an integer of magnitude up to 2^53";
        refused("alpha is 0.5" + allowed, () -> plan.run(args.scalars(0.5, 0)));
        refused("beta is NaN" + allowed, () -> plan.run(args.scalars(1, Double.NaN)));
        refused("beta is 1.0E16" + allowed, () -> plan.run(args.scalars(1, 1e16)));
        plan.run(args.scalars(-3, 0x1p53));
    }

    private void dgemm(long m, long n, long k, double[] a, long lda, double[] b, long ldb, double[] c, long ldc) {
        gamut.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
    }

    @Test
    void negativeSizes() {
        double[] x = new double[4];
        refused("m is -1; it must be at least 0", () -> dgemm(-1, 2, 2, x, 2, x, 2, new double[4], 2));
        refused("n is -3; it must be at least 0", () -> dgemm(2, -3, 2, x, 2, x, 2, new double[4], 2));
        refused("k is -2; it must be at least 0", () -> dgemm(2, 2, -2, x, 2, x, 2, new double[4], 2));
        refused("n is -1; it must be at least 0", () -> gamut.ddot(-1, x, 1, x, 1));
        refused("incx is 0; it must be at least 1", () -> gamut.dasum(2, x, 0));
        refused("axis 0 has size -1", () -> Layout.of(new long[] {-1}, new long[] {1}));
        refused("axis 1 has size -1", () -> Tensor.zeros(I4, 3, -1));
        refused("batch is -1", () -> GemmDesc.of(F64, 2, 2, 2).batch(-1, 4, 4, 4));
    }

    @Test
    void mismatchedSizes() {
        Tensor a = Tensor.zeros(F64, 2, 3);
        Tensor b = Tensor.zeros(F64, 4, 2);
        Tensor c = Tensor.zeros(F64, 2, 2);
        refused("a is 2×3 and b is 4×2; the columns of a must equal the rows of b", () -> gamut.gemm(a, b, c));
        Tensor d = Tensor.zeros(F64, 5, 5);
        refused("c is 5×5; it must be 2×2", () -> gamut.gemm(a, Tensor.zeros(F64, 3, 2), d));
        refused("b is a batch of 2; c is one matrix", () -> gamut.gemm(a, Tensor.zeros(F64, 2, 3, 2), c));
        refused("a has rank 1; a matrix has rank 2", () -> gamut.gemm(Tensor.zeros(F64, 3), b, c));
        refused(
                "bias has 3 elements; needed are 2",
                () -> gamut.gemm(a, Tensor.zeros(F64, 3, 2), c, g -> g.epilogue(e -> e.bias(Tensor.zeros(F64, 3)))));
    }

    @Test
    void leadingDimensionTooSmall() {
        double[] x = new double[64];
        double[] c = new double[64];
        refused("lda is 2; it must be at least 3", () -> dgemm(4, 2, 3, x, 2, x, 2, c, 2));
        refused("ldb is 1; it must be at least 2", () -> dgemm(4, 2, 3, x, 3, x, 1, c, 2));
        refused("ldc is 0; it must be at least 2", () -> dgemm(4, 2, 3, x, 3, x, 2, c, 0));
        refused(
                "ldc is 3; it must be at least 4",
                () -> gamut.dgemm(COL_MAJOR, TRANS, NO_TRANS, 4, 2, 3, 1, x, 3, x, 3, 0, c, 3));
        assertArrayEquals(new double[64], c);
    }

    @Test
    void resultSharesElements() {
        double[] x = new double[64];
        refused("c shares elements with a", () -> dgemm(4, 4, 4, x, 4, new double[16], 4, x, 4));
        refused("c shares elements with b", () -> dgemm(4, 4, 4, new double[16], 4, x, 4, x, 4));
        refused(
                "c shares elements with a",
                () -> gamut.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, 2, 2, 2, 1, x, 0, 8, new double[4], 0, 2, 0, x, 1, 8));
        MemorySegment s = MemorySegment.ofArray(x);
        Tensor whole = Tensor.of(s, F64, Layout.rowMajor(4, 4));
        Tensor part = Tensor.of(s.asSlice(8), F64, Layout.rowMajor(4, 4));
        refused("c shares elements with a", () -> gamut.gemm(whole, Tensor.zeros(F64, 4, 4), part));
        refused(
                "two of its elements would share memory",
                () -> GemmDesc.of(F64, 3, 3, 3)
                        .c(new MatrixDesc(F64, 3, 3, 2, 1, 0, Scaling.NONE, java.util.Optional.empty())));
    }

    /** Wherever C lies: before A, after it, or among its rows, left or right of its columns. */
    @Test
    void elementsAreSharedOrNotWhicheverComesFirst() {
        MemorySegment s = MemorySegment.ofArray(shared);
        double[] b = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
        for (int c : new int[] {0, 16, 84, 100}) { // A has elements 50 to 83
            panel(50, 10, b, c, 4);
            Tensor a = Tensor.of(s.asSlice(8 * 50), F64, Layout.of(new long[] {4, 4}, new long[] {10, 1}));
            gamut.gemm(a, Tensor.of(b, 4, 4), Tensor.of(s.asSlice(8 * c), F64, Layout.rowMajor(4, 4)));
        }
        for (int c : new int[] {36, 40, 49, 51, 83}) {
            refused("c shares elements with a", () -> panel(50, 10, b, c, 4));
        }
        for (int column : new int[] {0, 8, 9, 20}) { // A has columns 4 to 7 of 24
            panel(48 + 4, 24, b, 48 + column, 24);
            panel(48 + 4, 24, b, 24 + column, 24);
            panel(48 + 4, 24, b, 72 + column, 24);
        }
        for (int column : new int[] {1, 3, 4, 5, 7}) {
            refused("c shares elements with a", () -> panel(48 + 4, 24, b, 48 + column, 24));
            refused("c shares elements with a", () -> panel(48 + 4, 24, b, 24 + column, 24));
            refused("c shares elements with a", () -> panel(48 + 4, 24, b, 72 + column, 24));
        }
    }

    /** C = A·B, both of four rows and columns of one array. */
    private void panel(int a, int lda, double[] b, int c, int ldc) {
        gamut.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, 4, 4, 4, 1, shared, a, lda, b, 0, 4, 0, shared, c, ldc);
    }

    @Test
    void panelsOfOneMatrixMayBeUsedInPlace() {
        double[] x = new double[8 * 8];
        Arrays.setAll(x, i -> i);
        double[] before = x.clone();
        // Columns 0-1 times rows 0-1 of columns 4-7 into rows 2-7 of columns 4-7: the update of an LU factorisation.
        gamut.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, 6, 4, 2, -1, x, 16, 8, x, 4, 8, 1, x, 20, 8);
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 4; j++) {
                double expected = before[20 + 8 * i + j];
                for (int p = 0; p < 2; p++) {
                    expected -= before[16 + 8 * i + p] * before[4 + 8 * p + j];
                }
                assertEquals(expected, x[20 + 8 * i + j]);
            }
        }
    }

    @Test
    void arraysTooShortOrOfAnotherKind() {
        double[] c = new double[4];
        refused(
                "a holds 3 elements; 4 from offset 0 on are needed",
                () -> dgemm(2, 2, 2, new double[3], 2, new double[4], 2, c, 2));
        refused(
                "c holds 4 elements; 4 from offset 1 on are needed",
                () -> gamut.dgemm(
                        ROW_MAJOR,
                        NO_TRANS,
                        NO_TRANS,
                        2,
                        2,
                        2,
                        1,
                        new double[4],
                        0,
                        2,
                        new double[4],
                        0,
                        2,
                        0,
                        c,
                        1,
                        2));
        refused(
                "b holds 4 elements; 4 from offset -1 on are needed",
                () -> gamut.dgemm(
                        ROW_MAJOR,
                        NO_TRANS,
                        NO_TRANS,
                        2,
                        2,
                        2,
                        1,
                        new double[4],
                        0,
                        2,
                        new double[4],
                        -1,
                        2,
                        0,
                        c,
                        0,
                        2));
        refused("x holds 2 elements; 3 from offset 0 on are needed", () -> gamut.dnrm2(2, new double[2], 2));
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 2, 2, 2));
        refused("b is a float[], which does not store F64", () -> plan.run(new double[4], new float[4], c));
        refused(
                "data is a float[], which does not store F64",
                () -> Tensor.of(new float[4], F64, Layout.rowMajor(2, 2), 0));
        assertArrayEquals(new double[4], c);
    }

    @Test
    void nullOperands() {
        double[] x = new double[4];
        refused("a is null", () -> dgemm(2, 2, 2, null, 2, x, 2, new double[4], 2));
        refused("b is null", () -> dgemm(2, 2, 2, x, 2, null, 2, new double[4], 2));
        refused("c is null", () -> dgemm(2, 2, 2, x, 2, x, 2, null, 2));
        refused("x is null", () -> gamut.sum((double[]) null));
        refused("a is null", () -> gamut.gemm(null, Tensor.zeros(F64, 1, 1), Tensor.zeros(F64, 1, 1)));
    }

    @Test
    void closedGamut() {
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 2, 2, 2));
        double[] c = new double[4];
        gamut.close();
        assertThrows(IllegalStateException.class, () -> gamut.plan(GemmDesc.of(F64, 2, 2, 2)));
        assertThrows(IllegalStateException.class, () -> plan.run(new double[4], new double[4], c));
        assertThrows(IllegalStateException.class, () -> gamut.sum(new double[3]));
        assertThrows(IllegalStateException.class, () -> gamut.pack(Tensor.zeros(F64, 2, 2)));
        assertThrows(IllegalStateException.class, () -> dgemm(2, 2, 2, new double[4], 2, new double[4], 2, c, 2));
        gamut.close(); // closing twice is fine
    }

    @Test
    void segmentsThatWorkersCannotReach() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor a = Tensor.of(arena.allocate(32, 8), F64, Layout.rowMajor(2, 2));
            Tensor b = Tensor.zeros(F64, 2, 2);
            Tensor c = Tensor.zeros(F64, 2, 2);
            refused("a is a segment confined to this thread, and 2 threads would use it", () -> gamut.gemm(a, b, c));
            try (Gamut alone = Gamut.open(GamutConfig.defaults().threads(1))) {
                alone.gemm(a, b, c);
            }
        }
    }

    @Test
    void segmentsThatAreClosedOrReadOnly() {
        Tensor b = Tensor.zeros(F64, 2, 2);
        Tensor closed;
        try (Arena arena = Arena.ofShared()) {
            closed = Tensor.of(arena.allocate(32, 8), F64, Layout.rowMajor(2, 2));
        }
        refused("a is a segment whose arena is closed", () -> gamut.gemm(closed, b, Tensor.zeros(F64, 2, 2)));
        MemorySegment readOnly = MemorySegment.ofArray(new double[4]).asReadOnly();
        Tensor c = Tensor.of(readOnly, F64, Layout.rowMajor(2, 2));
        refused("c is a read-only segment", () -> gamut.gemm(b, b, c));
        gamut.gemm(c, b, Tensor.zeros(F64, 2, 2)); // reading one is fine
    }

    @Test
    void sizesThatOverflow() {
        long huge = 1L << 40;
        refused("reaches beyond 2^63 elements", () -> MatrixDesc.rowMajor(F64, huge, huge));
        refused("more than 2^63 elements", () -> Layout.rowMajor(huge, huge, 4));
        double[] x = new double[4];
        refused(
                "holds 4 elements",
                () -> dgemm(1 << 20, 1 << 20, 1 << 20, x, 1 << 20, x, 1 << 20, new double[4], 1 << 20));
        refused("beyond 2^63", () -> dgemm(2, 2, 2, x, Long.MAX_VALUE, x, 2, new double[4], Long.MAX_VALUE - 1));
        refused("needs 4294967296 array elements", () -> Tensor.zeros(F64, 65_536, 65_536));
    }

    @Test
    void memoryOfUnknownSizeHoldsElementsOfAnyWidth() {
        RemoteMemory endless = new RemoteMemory() {
            @Override
            public String place() {
                return "nowhere";
            }

            @Override
            public Object owner() {
                return this;
            }

            @Override
            public long byteSize() {
                return Long.MAX_VALUE;
            }

            @Override
            public void requireOpen() {}
        };
        for (DType type : DType.values()) {
            Tensor tensor = Tensor.of(endless, type, Layout.rowMajor(3, 4), 8);
            Operand operand = new Operand();
            operand.set(tensor);
            assertTrue(operand.capacity(type) >= 20, type.id());
        }
    }

    @Test
    void integersThatWouldWrap() {
        refused("k is 131072; I8·I8 sums fit I32 up to k = 131071", () -> GemmDesc.of(I8, 1, 1, 131_072));
        GemmDesc.of(I8, 1, 1, 131_071);
        GemmDesc mixed = GemmDesc.of(
                MatrixDesc.rowMajor(U8, 1, 65_793), MatrixDesc.rowMajor(I8, 65_793, 1), MatrixDesc.rowMajor(I32, 1, 1));
        assertEquals(65_793, mixed.k());
        refused(
                "k is 65794",
                () -> GemmDesc.of(
                        MatrixDesc.rowMajor(U8, 1, 65_794),
                        MatrixDesc.rowMajor(I8, 65_794, 1),
                        MatrixDesc.rowMajor(I32, 1, 1)));
        GemmDesc.of(U8, 1, 1, 33_025);
        refused("k is 33026", () -> GemmDesc.of(U8, 1, 1, 33_026));
    }

    @Test
    void unknownKernels() {
        refused("matches none of the", () -> Gamut.open(GamutConfig.defaults().kernel("gemm_*_nobody")));
        refused("braces must", () -> GamutConfig.defaults().kernel("gemm_{f64"));
        refused(
                "strict is set without a preferred kernel",
                () -> GamutConfig.defaults().strict(true));
        refused(
                "threads is 0; allowed are 1 to 4096",
                () -> GamutConfig.defaults().threads(0));
        try (Gamut strict =
                Gamut.open(GamutConfig.defaults().kernel("gemm_f32*").strict(true))) {
            UnsupportedProblemException e =
                    assertThrows(UnsupportedProblemException.class, () -> strict.plan(GemmDesc.of(F64, 2, 2, 2)));
            assertTrue(
                    e.declines().stream().anyMatch(d -> d.contains("not among the kernels allowed")), e.getMessage());
        }
    }

    @Test
    void demandsNobodyMeets() {
        EvaluationOrder nobodys = new EvaluationOrder("nobodys-order");
        GemmDesc desc = GemmDesc.of(F32, 2, 2, 2).determinism(Determinism.bitwise(nobodys));
        UnsupportedProblemException e = assertThrows(UnsupportedProblemException.class, () -> gamut.plan(desc));
        assertTrue(e.getMessage().contains("demanded is BITWISE(nobodys-order)"), e.getMessage());
        refused("eps is 0.0; it must be above 0", () -> Accuracy.within(0));
        refused("type is I8; an accuracy is named by a floating-point type", () -> Accuracy.atLeast(I8));
    }

    @Test
    void reductionsWithoutAnAnswer() {
        refused("MAX needs an element", () -> gamut.reduce(ReduceOp.MAX, Tensor.zeros(F64, 0)));
        refused("axis is 2; x has axes 0 to 1", () -> gamut.reduce(ReduceOp.SUM, Tensor.zeros(F64, 2, 2), 2));
        refused("axis is -1; x has axes 0 to 1", () -> gamut.reduce(ReduceOp.SUM, Tensor.zeros(F64, 2, 2), -1));
        refused("op is DOT, which has two operands", () -> gamut.reduce(ReduceOp.DOT, Tensor.zeros(F64, 2)));
        refused("MEAN needs an element", () -> gamut.reduce(ReduceOp.MEAN, Tensor.zeros(I64, 0)));
        assertEquals(-1, gamut.idamax(0, new double[0], 1));
        assertEquals(0.0, gamut.sum(new double[0]));
    }

    @Test
    void scaledTensorsWherePlainOnesAreNeeded() {
        Tensor scaled = Tensor.zeros(I8, 2).scaled(Scaling.perTensor(F32), Tensor.of(new float[] {2}, 1), null);
        refused("a reduction takes plain numbers without scale factors", () -> gamut.sum(scaled));
        Tensor a = Tensor.zeros(F32, 2, 2);
        refused("bias is I8", () -> gamut.gemm(a, a, Tensor.zeros(F32, 2, 2), g -> g.epilogue(e -> e.bias(scaled))));
    }

    @Test
    void resultsOfReductionsAndEpilogueDataShareNothing() {
        double[] x = {1, 2, 3, 4};
        ReduceArgs args = new ReduceArgs();
        args.x().set(x, 0);
        args.out().set(x, 1);
        ReduceDesc columns = ReduceDesc.of(ReduceOp.SUM, F64, Layout.rowMajor(2, 2), 0);
        refused("out shares elements with x", () -> gamut.plan(columns).run(args));
        double[] c = new double[4];
        Tensor a = Tensor.zeros(F64, 2, 2);
        Tensor row = Tensor.of(c, F64, Layout.rowMajor(2), 1);
        refused(
                "c shares elements with bias",
                () -> gamut.gemm(a, a, Tensor.of(c, 2, 2), g -> g.epilogue(e -> e.bias(row))));
        args.x().set(new double[4], 0);
        args.out().set(Tensor.zeros(F64, 2, 2).slice(1, 0, 1));
        refused(
                "the plan takes contiguous row-major memory",
                () -> gamut.plan(columns).run(args));
    }

    @Test
    void memoryThatOnlyLooksApart() {
        double[] x = new double[16];
        MemorySegment readOnly = MemorySegment.ofArray(x).asReadOnly();
        GemmArgs args = new GemmArgs();
        args.a().set(readOnly, F64, 0);
        args.b().set(new double[4], 0);
        args.c().set(x, 0);
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 2, 2, 2));
        refused("c shares elements with a", () -> plan.run(args));
        refused("first is -5", () -> args.c().set(MemorySegment.ofArray(x).asSlice(80), F64, -5));
        args.a().set(MemorySegment.ofArray(x), F32, 0);
        refused("a holds F32; the plan takes F64", () -> plan.run(args));
        try (Arena arena = Arena.ofShared()) {
            MemorySegment s = arena.allocate(64, 8);
            MatrixDesc column = new MatrixDesc(F64, 2, 1, 2, 1, 0, Scaling.NONE, java.util.Optional.empty());
            GemmPlan columns = gamut.plan(GemmDesc.of(column, MatrixDesc.rowMajor(F64, 1, 1), column));
            args.a().set(s.asSlice(4), F64, 0);
            args.c().set(s.asSlice(8), F64, 0);
            refused("c shares elements with a", () -> columns.run(args));
        }
        refused("beyond 2^63", () -> Layout.of(new long[] {2}, new long[] {Long.MAX_VALUE}));
        refused("would share memory", () -> GemmDesc.of(F64, 1, 1, 2).batch(5, 2, 2, 0));
        refused(
                "starts at element 1; I4 elements start at a whole byte",
                () -> gamut.gemm(
                        Tensor.of(new byte[4], I4, Layout.rowMajor(1, 2), 1),
                        Tensor.zeros(I4, 2, 1),
                        Tensor.zeros(I32, 1, 1)));
    }

    @Test
    void interleavedBatchesAreLegal() {
        // Two heads side by side in each row of C.
        Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2, 1);
        Tensor b = Tensor.of(new double[] {1, 10}, 1, 2);
        Tensor c = Tensor.of(new double[8], F64, Layout.of(new long[] {2, 2, 2}, new long[] {2, 4, 1}), 0);
        gamut.gemm(a, b, c);
        assertArrayEquals(new double[] {1, 10, 3, 30, 2, 20, 4, 40}, (double[]) c.array());
    }

    @Test
    void ordersThatAreMissing() {
        double[] x = new double[4];
        refused(
                "order is null",
                () -> gamut.dgemm(null, NO_TRANS, NO_TRANS, 1, 1, 1, 1, x, 1, x, 1, 0, new double[1], 1));
        refused(
                "transB is null",
                () -> gamut.dgemm(ROW_MAJOR, NO_TRANS, null, 1, 1, 1, 1, x, 1, x, 1, 0, new double[1], 1));
    }

    @Test
    void strictLeavesOtherOperationsAlone() {
        try (Gamut strict = Gamut.open(GamutConfig.defaults().kernel("gemm_*").strict(true))) {
            assertEquals(3.0, strict.sum(new double[] {1, 2}));
        }
    }

    @Test
    void plansRefuseOtherLayouts() {
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 2, 2, 2));
        Tensor t = Tensor.zeros(F64, 2, 2);
        refused(
                "b is F64[2, 2] strides [1, 2]; the plan takes 2×2 with strides 2, 1",
                () -> plan.run(t, Tensor.zeros(F64, 2, 2).transpose(), Tensor.zeros(F64, 2, 2)));
        GemmPlan batched = gamut.plan(GemmDesc.of(F64, 2, 2, 2).batch(2, 4, 4, 4));
        Tensor three = Tensor.zeros(F64, 3, 2, 2);
        refused("the plan takes 2 times 2×2", () -> batched.run(three, three, Tensor.zeros(F64, 3, 2, 2)));
        double[] behind = {9, 9, 9, 9, 9, 9, 9, 9};
        Tensor one = Tensor.of(behind, 2, 2);
        Tensor two = Tensor.zeros(F64, 2, 2, 2);
        refused("c is F64[2, 2]; the plan takes 2 times 2×2", () -> batched.run(two, two, one));
        refused("a is F64[2, 2]; the plan takes 2 times 2×2", () -> batched.run(one, two, two));
        ConvertDesc both = ConvertDesc.of(
                        plan.desc().a().batchStride(4), plan.desc().c().batchStride(4))
                .batch(2);
        ConvertArgs halves = new ConvertArgs();
        halves.x().set(two);
        halves.y().set(one);
        refused(
                "y is F64[2, 2]; the plan takes 2 times 2×2",
                () -> gamut.plan(both).run(halves));
        assertArrayEquals(new double[] {9, 9, 9, 9, 9, 9, 9, 9}, behind);
        gamut.plan(GemmDesc.of(F64, 2, 2, 2).batch(2, 4, 0, 4)).run(two, one, Tensor.zeros(F64, 2, 2, 2));
        GemmArgs args = new GemmArgs().epilogue(dev.gamut.gemm.Epilogue.NONE.relu());
        args.a().set(new double[4], 0);
        args.b().set(new double[4], 0);
        args.c().set(new double[4], 0);
        refused("the plan was made for []", () -> plan.run(args));
    }
}
