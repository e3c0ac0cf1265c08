package dev.gamut.linalg;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;

/**
 * A matrix in an array.
 *
 * @param runs loops over its elements
 * @param array that it lies in
 * @param at index of its first element
 * @param rows number of rows
 * @param cols number of columns
 * @param down from an element to the one below
 * @param across from an element to the one on the right
 * @param <A> kind of array
 */
record Block<A>(Runs<A> runs, A array, int at, int rows, int cols, int down, int across) {
    /** Rows of a multiple of so many elements begin in few sets of a cache: 2 KiB of F64. */
    private static final int ALIAS = 256;

    /** A cache line of F32. */
    private static final int PADDING = 16;

    /** A new matrix of zeros, rows one after the other, with room between them where neighbours in a column would share a cache set. */
    static <A> Block<A> rows(Runs<A> runs, int rows, int cols) {
        int down = cols + (cols > 0 && cols % ALIAS == 0 ? PADDING : 0);
        return new Block<>(runs, runs.array(elements(rows, down)), 0, rows, cols, down, 1);
    }

    /** The same, columns one after the other. */
    static <A> Block<A> columns(Runs<A> runs, int rows, int cols) {
        return rows(runs, cols, rows).transpose();
    }

    private static int elements(long rows, long cols) {
        if (rows * cols > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "the matrix is " + rows + "×" + cols + "; a Java array holds 2^31 - 9 elements");
        }
        return (int) (rows * cols);
    }

    /**
     * The elements of a tensor where they lie.
     *
     * @throws IllegalArgumentException unless it is a plain matrix or vector of F64 or F32 in a Java array
     */
    static Block<?> of(String name, Tensor x) {
        requirePlain(name, x);
        if (x.array() == null) {
            throw new IllegalArgumentException(name + " is " + x + " in a memory segment; it must lie in a Java array");
        }
        return on(Runs.of(x.dtype()), x);
    }

    @SuppressWarnings("unchecked")
    private static <A> Block<A> on(Runs<A> runs, Tensor x) {
        boolean vector = x.rank() == 1;
        int cols = vector ? 1 : (int) x.size(1);
        int across = cols < 2 ? 1 : (int) x.layout().stride(1);
        return new Block<>(
                runs,
                (A) x.array(),
                (int) x.offset(),
                (int) x.size(0),
                cols,
                x.size(0) < 2 ? Math.max(1, cols) : (int) x.layout().stride(0),
                across);
    }

    /** A square matrix of callers that pass arrays. */
    static Tensor square(double[] a, int n) {
        if (n < 0 || a.length != (long) n * n) {
            throw new IllegalArgumentException(
                    "n is " + n + "; a has " + a.length + " elements, and must have n·n of them");
        }
        return Tensor.of(a, n, n);
    }

    private static void requirePlain(String name, Tensor x) {
        boolean plain = x != null
                && (x.rank() == 1 || x.rank() == 2)
                && (x.dtype() == DType.F64 || x.dtype() == DType.F32)
                && !x.scaling().hasScales();
        if (!plain) {
            throw new IllegalArgumentException(name + " is " + x + "; it must be a plain matrix of F64 or F32");
        }
    }

    /** A copy of a tensor, rows one after the other as those of {@link #rows}. */
    static Block<?> copy(String name, Tensor x) {
        requirePlain(name, x);
        boolean vector = x.rank() == 1;
        Block<?> copy = rows(Runs.of(x.dtype()), (int) x.size(0), vector ? 1 : (int) x.size(1));
        copy.fill(x, vector);
        return copy;
    }

    private void fill(Tensor x, boolean vector) {
        if (x.array() != null) {
            of("x", x).into(this);
            return;
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                runs.set(array, index(i, j), vector ? x.get(i) : x.get(i, j));
            }
        }
    }

    /** Copies all elements to another matrix of this size and type. */
    @SuppressWarnings("unchecked")
    void into(Block<?> other) {
        Block<A> to = (Block<A>) other;
        runs.copy(array, at, down, across, to.array, to.at, to.down, to.across, rows, cols);
    }

    Block<A> part(int row, int height, int col, int width) {
        return new Block<>(runs, array, index(row, col), height, width, down, across);
    }

    Block<A> transpose() {
        return new Block<>(runs, array, at, cols, rows, across, down);
    }

    int index(int row, int col) {
        return at + row * down + col * across;
    }

    double get(int row, int col) {
        return runs.get(array, index(row, col));
    }

    Tensor tensor() {
        return Tensor.of(
                array,
                runs.type(),
                Layout.of(new long[] {rows, cols}, new long[] {down, across}),
                rows == 0 || cols == 0 ? 0 : at);
    }

    /** Copies each row to an array of its own. */
    void toRows(A[] each) {
        for (int i = 0; i < rows; i++) {
            if (across == 1) {
                System.arraycopy(array, index(i, 0), each[i], 0, cols);
            } else {
                runs.gather(array, index(i, 0), across, each[i], cols);
            }
        }
    }

    /** Copies each row back from an array of its own. */
    void fromRows(A[] each) {
        for (int i = 0; i < rows; i++) {
            if (across == 1) {
                System.arraycopy(each[i], 0, array, index(i, 0), cols);
            } else {
                runs.scatter(each[i], array, index(i, 0), across, cols);
            }
        }
    }

    /** Exchanges two rows. */
    void swapRows(int i, int j) {
        if (i != j && across == 1) {
            runs.swap(array, index(i, 0), index(j, 0), cols);
        } else if (i != j) {
            for (int c = 0; c < cols; c++) {
                runs.swap(array, index(i, c), index(j, c), 1);
            }
        }
    }
}
