package dev.gamut.conformance;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.KernelInfo;
import dev.gamut.tensor.Layout;
import java.util.Locale;

/**
 * One reduction without its numbers.
 *
 * @param n terms of each result
 * @param form shape, strides and axis
 * @param place memory of the operands
 * @param out memory of the results
 * @param threads threads to run on
 */
record ReduceSpec(int n, Form form, Memory.Place place, Memory.Place out, int threads) {
    /** Columns of {@link Form#WIDE}. */
    private static final int MANY = 260;

    /** Shape, strides and axis around n terms. */
    enum Form {
        /** A vector. */
        FLAT,
        /** Every third element of a vector. */
        STRIDED,
        /** Rows of a matrix. */
        ROWS,
        /** Rows with gaps between them. */
        ROWS_PADDED,
        /** Columns of a matrix. */
        COLUMNS,
        /** The first axis of three. */
        AXIS_0,
        /** The middle axis of three. */
        AXIS_1,
        /** The last axis of three. */
        AXIS_2,
        /** Columns of a wide matrix: too many for one task. */
        WIDE,
        /** The same, columns contiguous where they are not neighbours among the results. */
        WIDE_APART,
        /** Columns of two axes that are one in memory, but not among the results' neighbours. */
        TWO_AS_ONE,
        /** All of a column-major matrix. */
        ALL_COLUMN_MAJOR,
        /** All of a matrix with gaps between rows. */
        ALL_PADDED;

        Layout layout(int n) {
            return switch (this) {
                case FLAT -> Layout.rowMajor(n);
                case STRIDED -> Layout.of(new long[] {n}, new long[] {3});
                case ROWS -> Layout.rowMajor(3, n);
                case ROWS_PADDED -> Layout.of(new long[] {3, n}, new long[] {n + 4L, 1});
                case COLUMNS -> Layout.rowMajor(n, 5);
                case AXIS_0 -> Layout.rowMajor(n, 2, 3);
                case AXIS_1 -> Layout.rowMajor(2, n, 3);
                case AXIS_2 -> Layout.rowMajor(2, 3, n);
                case WIDE -> Layout.rowMajor(n, MANY);
                case WIDE_APART -> Layout.of(new long[] {MANY, n, 2}, new long[] {1, MANY, (long) MANY * n});
                case TWO_AS_ONE -> Layout.of(new long[] {2, 3, n, 2}, new long[] {3, 1, 6, 6L * n});
                case ALL_COLUMN_MAJOR -> Layout.colMajor(n % 2 == 0 ? 2 : 1, n % 2 == 0 ? n / 2 : n);
                case ALL_PADDED ->
                    Layout.of(new long[] {n % 3 == 0 ? 3 : 1, n % 3 == 0 ? n / 3 : n}, new long[] {n + 2L, 1});
            };
        }

        int axis() {
            return switch (this) {
                case FLAT, STRIDED, ALL_COLUMN_MAJOR, ALL_PADDED -> ReduceDesc.ALL;
                case COLUMNS, AXIS_0, WIDE -> 0;
                case ROWS, ROWS_PADDED, AXIS_1, WIDE_APART -> 1;
                case AXIS_2, TWO_AS_ONE -> 2;
            };
        }

        /** How the second operand lies: differently where that is possible. */
        Layout second(int n) {
            Layout x = layout(n);
            return switch (this) {
                case STRIDED, ALL_COLUMN_MAJOR -> Layout.rowMajor(x.shape());
                case AXIS_0 -> Layout.of(x.shape(), new long[] {9, 4, 1});
                case WIDE -> Layout.of(x.shape(), new long[] {MANY + 64, 1});
                default -> x;
            };
        }
    }

    static ReduceSpec plain(int n) {
        return new ReduceSpec(n, Form.FLAT, Memory.Place.ARRAY, Memory.Place.ARRAY, 1);
    }

    ReduceSpec form(Form other) {
        return new ReduceSpec(n, other, place, out, threads);
    }

    ReduceSpec threads(int count) {
        return new ReduceSpec(n, form, place, out, count);
    }

    /** The operation a kernel's id names. */
    static ReduceOp op(KernelInfo kernel) {
        return ReduceOp.valueOf(kernel.id().op().toUpperCase(Locale.ROOT));
    }

    /** The descriptor for a kernel's operation and types. */
    ReduceDesc desc(KernelInfo kernel) {
        DType type = kernel.id().types().get(0);
        DType result = kernel.id().types().get(kernel.id().types().size() - 1);
        ReduceDesc desc =
                ReduceDesc.of(op(kernel), type, form.layout(n), form.axis()).result(result);
        desc = desc.op().isBinary() ? desc.y(form.second(n)) : desc;
        return kernel.ieee() ? desc : desc.accuracy(Accuracy.within(Double.POSITIVE_INFINITY));
    }

    @Override
    public String toString() {
        return "n " + n + " " + form + " " + place + " out " + out + " threads " + threads;
    }
}
