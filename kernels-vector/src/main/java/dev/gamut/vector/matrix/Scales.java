package dev.gamut.vector.matrix;

import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;

/**
 * Scale factors and zero points of one operand, applied to blocks of decoded codes: x = scale · (code − zero), evaluated in
 * F64 as by the reference and rounded once to F32. Where codes and zero points are integers of 8 bits the difference is exact in
 * F32, and a product in F32 is the same.
 */
public final class Scales {
    /** From here on floats of either sign are one apart: adding and subtracting it rounds to integers. */
    private static final float ONE_APART = 0x1.8p23f;
    /** Saturates whatever the zero point. */
    private static final float BEYOND_CODES = 0x1p20f;

    private final Scaling scaling;
    private final boolean differences;
    /** What finite numbers are kept within where codes have infinities, else 0. */
    private final float limit;
    /** Whether zero points need F64. */
    private final boolean wide;

    private final Factors factors;
    private final Factors zeros;

    /**
     * Those of a matrix.
     *
     * @param matrix what is scaled
     * @param transposed whether that is the transpose of what a run gives
     * @param differences whether only zero points are applied
     * @param elements of F32
     */
    public Scales(MatrixDesc matrix, boolean transposed, boolean differences, Elements<float[]> elements) {
        this.scaling = matrix.scaling();
        this.differences = differences;
        this.limit = matrix.type().hasInfinity() ? (float) matrix.type().maxFinite() : 0;
        this.wide = scaling.zeroPointType()
                .map(t -> !scaling.fitsF32(matrix.type()))
                .orElse(false);
        factors = new Factors(transposed, elements);
        zeros = scaling.hasZeroPoints() ? new Factors(transposed, elements) : null;
    }

    /** Points at those of a run, whose plan has seen that they are there. */
    public void bind(Tensor operand) {
        factors.bind(operand.scales());
        if (zeros != null) {
            zeros.bind(operand.zeroPoints());
        }
    }

    public void release() {
        factors.release();
        if (zeros != null) {
            zeros.release();
        }
    }

    public boolean hasZeroPoints() {
        return zeros != null;
    }

    /** The factors as a matrix: that of element (r, c) is at ({@link Scaling#scaleRow}, {@link Scaling#scaleCol}). */
    public Matrix<float[]> factors() {
        return factors.matrix;
    }

    public Scaling scaling() {
        return scaling;
    }

    /** Scales a block; the parameters are those of {@link Image#read}. */
    public void apply(
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            float[] x,
            int x0,
            int ld,
            Workspace workspace) {
        if (wide) {
            applyInF64(e, row, col, byColumns, outer, inner, x, x0, ld);
            return;
        }
        float[] line = workspace.floats(Image.SLOT + 1, 3 * inner);
        for (int o = 0; o < outer; ) {
            long r = row + (byColumns ? 0 : o);
            long c = col + (byColumns ? o : 0);
            // Lines with the same factors, which are looked up once.
            int lines = (int) Math.min(outer - o, rest(byColumns ? c : r, byColumns ? 1 : 0));
            if (!differences) {
                spread(factors.matrix, e, r, c, byColumns, inner, line, 0, 2 * inner, workspace);
            }
            if (zeros != null) {
                spread(zeros.matrix, e, r, c, byColumns, inner, line, inner, 2 * inner, workspace);
            }
            for (int i = o; i < o + lines; i++) {
                apply(x, x0 + i * ld, inner, line);
            }
            o += lines;
        }
    }

    private void apply(float[] x, int from, int n, float[] line) {
        if (zeros != null) {
            FloatRows.subtract(n, line, n, x, from);
        }
        if (!differences) {
            FloatRows.multiply(n, x, from, line, 0, x, from);
        }
    }

    /**
     * What the codes of a line are rounded from: round(x · r) + zero point, r the reciprocal of the factor or 0 where that is 0;
     * without zero points only x · r, which does not become infinite.
     *
     * @param alongRows whether the row counts up from element to element, else the column
     */
    void quotients(
            long e,
            long row,
            long col,
            boolean alongRows,
            int n,
            float[] src,
            int s,
            float[] dst,
            Workspace workspace) {
        float[] line = workspace.floats(Image.SLOT + 1, 3 * n);
        spread(factors.matrix, e, row, col, alongRows, n, line, 0, 2 * n, workspace);
        if (zeros != null && !wide) { // before dst is written to, which may be the scratch that they are read by
            spread(zeros.matrix, e, row, col, alongRows, n, line, n, 2 * n, workspace);
        }
        FloatRows.invert(n, line, 0);
        if (limit == 0) {
            FloatRows.multiply(n, src, s, line, 0, dst, 0);
        } else {
            FloatRows.multiplyWithin(limit, n, src, s, line, 0, dst, 0);
        }
        if (zeros != null) {
            if (wide) {
                addInF64(e, row, col, alongRows, n, dst);
                return;
            }
            for (int i = 0; i < n; i++) {
                dst[i] = Math.clamp(dst[i], -BEYOND_CODES, BEYOND_CODES) + ONE_APART - ONE_APART + line[n + i];
            }
        }
    }

    /** One element at a time: sums that saturate stay beyond all codes. */
    private void addInF64(long e, long row, long col, boolean alongRows, int n, float[] x) {
        for (int i = 0; i < n; i++) {
            double zero = zeros.value(e, row + (alongRows ? i : 0), col + (alongRows ? 0 : i));
            x[i] = (float) Math.clamp(Math.rint(x[i]) + zero, -BEYOND_CODES, BEYOND_CODES);
        }
    }

    /**
     * The factors of a line of elements.
     *
     * @param e matrix of the batch
     * @param row of the first element
     * @param col of the first element
     * @param alongRows whether the row counts up from element to element, else the column
     * @param n elements, at least 1
     * @param to factors at [0, n), with room for as many again
     * @param workspace for decoding them
     */
    public void line(long e, long row, long col, boolean alongRows, int n, float[] to, Workspace workspace) {
        spread(factors.matrix, e, row, col, alongRows, n, to, 0, n, workspace);
    }

    /** Reads the factors of a line's boxes and gives each element that of its box. */
    private void spread(
            Matrix<float[]> from,
            long e,
            long row,
            long col,
            boolean alongRows,
            int n,
            float[] to,
            int at,
            int spare,
            Workspace workspace) {
        long r = scaling.scaleRow(row);
        long c = scaling.scaleCol(col);
        long last = alongRows ? scaling.scaleRow(row + n - 1) : scaling.scaleCol(col + n - 1);
        int boxes = (int) (last - (alongRows ? r : c)) + 1;
        int into = boxes == n ? at : spare;
        from.read(e, r, c, alongRows, 1, boxes, to, into, boxes, workspace);
        if (boxes == n) {
            return;
        }
        long first = rest(alongRows ? row : col, alongRows ? 0 : 1);
        fill(n, (int) Math.min(n, first), scaling.block(), to, at, into);
    }

    /** The first number goes to {@code first} places, each further one to {@code block}. */
    private static void fill(int n, int first, int block, float[] to, int at, int from) {
        for (int i = 0, end = first, box = from; i < n; end = Math.min(n, end + block), box++) {
            float factor = to[box];
            for (; i < end; i++) {
                to[at + i] = factor;
            }
        }
    }

    /** Elements from an index of an axis on that share a factor. */
    private long rest(long index, int axis) {
        return switch (scaling.granularity()) {
            case NONE, PER_TENSOR -> Integer.MAX_VALUE;
            case PER_AXIS -> scaling.axis() == axis ? 1 : Integer.MAX_VALUE;
            case PER_BLOCK -> scaling.axis() == axis ? scaling.block() - index % scaling.block() : 1;
        };
    }

    /** One element at a time: zero points of such types are rare. */
    private void applyInF64(
            long e, long row, long col, boolean byColumns, int outer, int inner, float[] x, int x0, int ld) {
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                long r = row + (byColumns ? i : o);
                long c = col + (byColumns ? o : i);
                int at = x0 + o * ld + i;
                x[at] = (float) (factors.value(e, r, c) * (x[at] - zeros.value(e, r, c)));
            }
        }
    }

    /** Numbers for each box of elements. */
    private final class Factors {
        private final boolean transposed;
        private final Elements<float[]> elements;
        private final Operand operand = new Operand();
        private Tensor tensor;
        private Layout layout;
        private MatrixDesc desc;
        private Matrix<float[]> matrix;

        Factors(boolean transposed, Elements<float[]> elements) {
            this.transposed = transposed;
            this.elements = elements;
        }

        void bind(Tensor t) {
            if (!t.layout().equals(layout)) {
                layout = t.layout();
                MatrixDesc given = MatrixDesc.of("scales", t);
                MatrixDesc one = t.rank() == 3 && t.size(0) == 1 ? given.batchStride(0) : given;
                desc = transposed ? one.transpose() : one;
                matrix = new Matrix<>(desc, transposed, elements);
            }
            tensor = t;
            operand.set(t);
            matrix.bind(operand);
        }

        void release() {
            tensor = null;
            operand.clear();
            if (matrix != null) {
                matrix.release();
            }
        }

        double value(long e, long row, long col) {
            long at = e * desc.batchStride()
                    + scaling.scaleRow(row) * desc.rowStride()
                    + scaling.scaleCol(col) * desc.colStride();
            return tensor.dtype().load(tensor.segment(), tensor.offset() + at);
        }
    }
}
