package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A product of small integers, with or without scale factors, whose every intermediate result is exact, together with its
 * true result, computed element by element in decimal arithmetic from the numbers themselves.
 */
final class GemmProblem {
    /** Where a matrix lies: contiguous axis, unused elements at the end of each row, at the front, between matrices. */
    record Placement(boolean rowMajor, int padding, int offset) {}

    final List<DType> types;
    final int m;
    final int n;
    final int k;
    final int batch;
    final Random random;
    final Matrix a;
    final Matrix b;
    final Matrix c;
    double alpha = 1;
    double beta = 0;
    Epilogue epilogue = Epilogue.NONE;

    GemmProblem(List<DType> types, int m, int n, int k, int batch, Placement[] at, Scaling[] scalings, long seed) {
        this.types = types;
        this.m = m;
        this.n = n;
        this.k = k;
        this.batch = batch;
        this.random = new Random(seed);
        this.a = new Matrix(types.get(0), m, k, at[0], scalings[0]);
        this.b = new Matrix(types.get(1), k, n, at[1], scalings[1]);
        this.c = new Matrix(types.get(3), m, n, at[2], Scaling.NONE);
    }

    /** One operand: its memory, its numbers, and which elements of the memory belong to it. */
    final class Matrix {
        final DType type;
        final int rows;
        final int cols;
        final MatrixDesc desc;
        final Object array;
        final int offset;
        final BigDecimal[][][] values;
        private Tensor scaled;

        Matrix(DType type, int rows, int cols, Placement at, Scaling scaling) {
            this.type = type;
            this.rows = rows;
            this.cols = cols;
            int unit = type.isSubByte() ? 2 : 1;
            int length = at.rowMajor() ? cols : rows;
            long stride = (long) (length + at.padding() + unit - 1) / unit * unit;
            long between = stride * Math.max(1, at.rowMajor() ? rows : cols) + 2L * at.padding();
            this.offset = at.offset() * unit;
            this.desc = new MatrixDesc(
                    type,
                    rows,
                    cols,
                    at.rowMajor() ? stride : 1,
                    at.rowMajor() ? 1 : stride,
                    batch == 1 ? 0 : between,
                    scaling,
                    java.util.Optional.empty());
            Tensor memory = Tensor.zeros(type, offset + between * batch + 4);
            this.array = memory.array();
            this.values = new BigDecimal[batch][rows][cols];
            poison(memory);
            Tensor scales = numbers(scaling.hasScales() ? scaling.scaleType() : null, scaling, true);
            Tensor zeros = numbers(scaling.zeroPointType().orElse(null), scaling, false);
            fill(memory, scaling, scales, zeros);
            if (scaling.hasScales()) {
                Layout layout = Layout.of(new long[] {rows, cols}, new long[] {desc.rowStride(), desc.colStride()});
                scaled = Tensor.of(array, type, layout, offset).scaled(scaling, scales, zeros);
            }
        }

        private void poison(Tensor memory) {
            for (long i = 0; i < memory.size(0); i++) {
                memory.set(type.hasNaN() ? Double.NaN : type.maxFinite(), i);
            }
        }

        private Tensor numbers(DType of, Scaling scaling, boolean powers) {
            if (of == null) {
                return null;
            }
            long[] shape = scaling.scaleShape(new long[] {rows, cols});
            Tensor t = Tensor.zeros(of, shape);
            for (long r = 0; r < shape[0]; r++) {
                for (long s = 0; s < shape[1]; s++) {
                    t.set(powers ? Math.scalb(1.0, random.nextInt(3) - 1) : random.nextInt(3), r, s);
                }
            }
            return t;
        }

        private void fill(Tensor memory, Scaling scaling, Tensor scales, Tensor zeros) {
            for (int z = 0; z < batch; z++) {
                for (int r = 0; r < rows; r++) {
                    for (int s = 0; s < cols; s++) {
                        double code = random.nextInt(4) - (type.lowest() < 0 ? 2 : 0);
                        memory.set(code, offset + index(z, r, s));
                        if (scales != null) {
                            long[] box = {scaling.scaleRow(r), scaling.scaleCol(s)};
                            code = scales.get(box) * (code - (zeros == null ? 0 : zeros.get(box)));
                        }
                        values[z][r][s] = new BigDecimal(code);
                    }
                }
            }
        }

        long index(int z, int r, int s) {
            return z * desc.batchStride() + r * desc.rowStride() + s * desc.colStride();
        }

        void point(Operand operand) {
            if (scaled != null) {
                operand.set(scaled);
            } else {
                operand.set(array, offset);
            }
        }

        /** Makes every element NaN, or the largest number where there is none. */
        void poisonAll() {
            poison(Tensor.of(array, type, Layout.rowMajor(java.lang.reflect.Array.getLength(array)), 0));
        }
    }

    GemmDesc desc() {
        return new GemmDesc(
                a.desc,
                b.desc,
                c.desc,
                types.get(2),
                batch,
                epilogue.ops(),
                dev.gamut.accuracy.Accuracy.NATIVE,
                dev.gamut.accuracy.Determinism.ANY);
    }

    GemmArgs args() {
        GemmArgs args = new GemmArgs().scalars(alpha, beta).epilogue(epilogue);
        a.point(args.a());
        b.point(args.b());
        c.point(args.c());
        return args;
    }

    static GemmExecutor executor(GemmKernel kernel, GemmDesc desc) {
        return switch (kernel.offer(desc, InlineContext.OFFER)) {
            case Offer.Accept<GemmExecutor> accept -> accept.preparer().prepare(new InlineContext());
            case Offer.Decline<GemmExecutor> decline -> throw new AssertionError(decline.reason());
        };
    }

    /** The true result, rounded once to the type of C. */
    double expected(int z, int row, int col) {
        BigDecimal sum = BigDecimal.ZERO;
        if (alpha != 0) {
            for (int p = 0; p < k; p++) {
                sum = sum.add(a.values[z][row][p].multiply(b.values[z][p][col]));
            }
            sum = sum.multiply(new BigDecimal(alpha));
        }
        if (beta != 0) {
            sum = sum.add(new BigDecimal(beta).multiply(c.values[z][row][col]));
        }
        for (int i = 0; i < epilogue.ops().size(); i++) {
            sum = apply(epilogue.ops().get(i), epilogue.data(i), sum, z, row, col);
        }
        return c.type.round(sum.doubleValue());
    }

    private static BigDecimal apply(Epilogue.Op op, Tensor data, BigDecimal x, int z, int row, int col) {
        return switch (op) {
            case Epilogue.Bias bias -> x.add(new BigDecimal(data.get(bias.perColumn() ? col : row)));
            case Epilogue.Relu _ -> x.max(BigDecimal.ZERO);
            case Epilogue.Residual _ ->
                x.add(new BigDecimal(data.rank() == 3 ? data.get(z, row, col) : data.get(row, col)));
            case Epilogue.Requantise r ->
                x.multiply(new BigDecimal(data.get(r.perColumn() ? col : 0))).add(new BigDecimal(r.zeroPoint()));
            default -> throw new AssertionError(op + " is not exact");
        };
    }

    /** Checks every element of C, and that everything between them still is as it was. */
    void check(String what) {
        double[] expected = new double[java.lang.reflect.Array.getLength(c.array)];
        Arrays.fill(expected, c.type.round(c.type.hasNaN() ? Double.NaN : c.type.maxFinite()));
        for (int z = 0; z < batch; z++) {
            for (int row = 0; row < m; row++) {
                for (int col = 0; col < n; col++) {
                    expected[(int) (c.offset + c.index(z, row, col))] = expected(z, row, col);
                }
            }
        }
        for (int i = 0; i < expected.length; i++) {
            double found = c.type.load(Operand.wrap(c.array), i);
            assertEquals(
                    expected[i] + 0.0, found + 0.0, () -> what + " " + desc() + " alpha " + alpha + " beta " + beta);
        }
    }
}
