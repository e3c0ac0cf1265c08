package dev.gamut.vector.gemm;

import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.codec.CodeSource;
import dev.gamut.vector.matrix.Codes;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.FloatRows;
import dev.gamut.vector.matrix.Scales;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A few rows times weights, ready to run. Tasks are ranges of outputs. One row meets codes where they lie, if there is a loop
 * for them; several rows meet weights that were decoded to L1 once for all.
 */
final class SkinnyExecutor implements GemmExecutor, PlanContext.Task {
    private static final int SUM_SLOT = 0;
    private static final int X_SLOT = 1;
    private static final int FETCH_SLOT = 2;
    private static final int LANES_SLOT = 3;
    private static final int FACTOR_SLOT = 4;
    private static final int ARRANGED_SLOT = 7;
    private static final int BOX_SLOT = 8;
    private static final int CODE_SLOT = 0;

    /** Outputs of each of the places whose factors are read together: shorter runs cost more than they save. */
    private static final int AHEAD = 64;

    /** Outputs of a block. */
    private static final int OUTPUTS = 4096;
    /** Outputs and steps of k that are decoded at a time, 32 KiB. */
    private static final int SOME = 8;

    private static final int PIECE = 1024;

    private final PlanContext context;
    private final Elements<float[]> elements;
    private final Gemv<float[]> gemv;
    private final Product<float[]> x;
    private final Grid grid;
    private final CodeDots dots;
    private final int m;
    private final int k;
    private final List<Completion<float[]>> completions = new ArrayList<>();

    /**
     * Ready to run.
     *
     * @param dots the loop for the type of the weights, or null
     */
    SkinnyExecutor(
            PlanContext context,
            Elements<float[]> elements,
            Gemv<float[]> gemv,
            Product<float[]> product,
            Grid grid,
            CodeDots dots,
            Supplier<Completion<float[]>> completion) {
        this.context = context;
        this.elements = elements;
        this.gemv = gemv;
        this.x = product;
        this.grid = grid;
        this.dots = dots;
        m = (int) product.m;
        k = (int) product.k;
        for (int i = 0; i < grid.tasks(); i++) {
            completions.add(completion.get());
        }
    }

    @Override
    public void execute(GemmArgs args) {
        if (x.isEmpty()) {
            return;
        }
        x.bind(args);
        try {
            context.parallelFor(grid.tasks(), this);
        } finally {
            x.release();
        }
    }

    @Override
    public void run(int index, Workspace workspace) {
        long first = Grid.cut(x.n, SkinnyGemm.UNIT, grid.rowPart(index), grid.rowParts());
        long last = Grid.cut(x.n, SkinnyGemm.UNIT, grid.rowPart(index) + 1, grid.rowParts());
        long end = Grid.cut(x.batch, 1, grid.batchPart(index) + 1, grid.batches());
        Completion<float[]> completion = completions.get(index);
        try {
            for (long e = Grid.cut(x.batch, 1, grid.batchPart(index), grid.batches()); e < end; e++) {
                if (x.isScaling()) {
                    completion.scale(e, 0, m, first, last, workspace);
                } else {
                    outputs(e, first, last, completion, workspace);
                }
            }
        } finally {
            completion.end();
        }
    }

    private void outputs(long e, long first, long last, Completion<float[]> completion, Workspace workspace) {
        float[] rows = workspace.floats(X_SLOT, m * k);
        x.a.read(e, 0, 0, false, m, k, rows, 0, k, workspace);
        float[] sums = workspace.floats(SUM_SLOT, m * OUTPUTS);
        for (long j = first; j < last; j += OUTPUTS) {
            int n = (int) Math.min(OUTPUTS, last - j);
            for (int i = 0; i < m; i++) {
                Arrays.fill(sums, i * OUTPUTS, i * OUTPUTS + n, 0);
            }
            int whole = m == 1 && dots != null ? n - n % CodeDots.ROWS : 0;
            int done = whole == 0 ? 0 : direct(e, j, whole, rows, sums, workspace);
            decoded(e, j, 0, whole, done, rows, sums, workspace);
            decoded(e, j, whole, n, 0, rows, sums, workspace);
            completion.begin(e, 0, m, j, OUTPUTS, workspace);
            for (int i = 0; i < m; i++) {
                completion.finish(i, n, sums);
            }
        }
    }

    /** Outputs [first, last) of a block, steps of k from {@code from} on, by way of numbers in L1. */
    private void decoded(
            long e, long j, int first, int last, int from, float[] rows, float[] sums, Workspace workspace) {
        int line = elements.lineStart();
        float[] fetched = workspace.floats(FETCH_SLOT, line + SOME * PIECE);
        float[] lanes = workspace.floats(LANES_SLOT, 4 * elements.lanes());
        for (int r = first; r < last; r += SOME) {
            int some = Math.min(SOME, last - r);
            for (int p = from; p < k; p += PIECE) {
                int depth = Math.min(PIECE, k - p);
                x.b.read(e, p, j + r, true, some, depth, fetched, line, depth, workspace);
                for (int i = 0; i < m; i++) {
                    gemv.dots(fetched, line, depth, some, depth, rows, i * k + p, sums, i * OUTPUTS + r, lanes);
                }
            }
        }
    }

    /** One row on codes where they lie, several outputs at a time; returns the steps of k that were done. */
    @SuppressWarnings("unchecked")
    private int direct(long e, long j, int n, float[] row, float[] sums, Workspace workspace) {
        Codes<byte[]> codes = (Codes<byte[]>) x.b.image();
        Scales scales = codes.scales();
        int step = dots.step();
        int steps = k / step;
        if (steps == 0 || x.b.rowStride != 1 || !suits(scales) || !CodeDots.suits(row, k)) {
            return 0;
        }
        int each = n / CodeDots.ROWS;
        int shared = (steps * step + CodeDots.SHARED - 1) / CodeDots.SHARED;
        float[] arranged = workspace.floats(ARRANGED_SLOT, steps * step);
        dots.arrange(row, steps, arranged);
        boolean blocks = scales != null && scales.scaling().granularity() == Scaling.Granularity.PER_BLOCK;
        int room = shared + dots.excess();
        float[] factors = workspace.floats(FACTOR_SLOT, CodeDots.ROWS * AHEAD * room);
        if (!blocks) {
            Arrays.fill(factors, 0, room, 1);
        }
        int[] at = workspace.ints(0, 2 * CodeDots.ROWS);
        float[] lanes = workspace.floats(LANES_SLOT, CodeDots.ROWS * Folds.LANES);
        for (int first = 0; first < each; first += AHEAD) {
            int count = Math.min(AHEAD, each - first);
            for (int i = 0; blocks && i < CodeDots.ROWS; i++) {
                long col = j + first + (long) i * each;
                factors(scales, e, col, count, shared, factors, i * AHEAD * room, room, workspace);
            }
            for (int r = first; r < first + count; r++) {
                for (int i = 0; i < CodeDots.ROWS; i++) {
                    at[CodeDots.ROWS + i] = blocks ? (i * AHEAD + r - first) * room : 0;
                }
                byte[] w = weights(codes, e, j + r, each, at, workspace);
                dots.dots(w, at, steps, arranged, factors, lanes);
                Folds.add(CodeDots.ROWS, lanes, sums, r, each);
            }
        }
        if (scales != null && !blocks) {
            float[] line = workspace.floats(BOX_SLOT, 2 * n);
            scales.line(e, 0, j, false, n, line, workspace);
            FloatRows.multiply(n, sums, 0, line, 0, sums, 0);
        }
        if (!areFinite(sums, n)) {
            Arrays.fill(sums, 0, n, 0);
            return 0;
        }
        return steps * step;
    }

    /** Others are computed anew: codes without their factors overflow sooner, and hide what an infinite factor makes of each. */
    private static boolean areFinite(float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(sums[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the weights that share a factor are those of the loop and nothing is subtracted. */
    private static boolean suits(Scales scales) {
        if (scales == null) {
            return true;
        }
        Scaling by = scales.scaling();
        return !by.hasZeroPoints()
                && switch (by.granularity()) {
                    case NONE, PER_TENSOR -> true;
                    case PER_AXIS -> by.axis() == 1;
                    case PER_BLOCK -> by.axis() == 0 && by.block() % CodeDots.SHARED == 0;
                };
    }

    /** The factors of some columns as the loop reads them: read together, since memory serves long runs best. */
    private void factors(
            Scales scales, long e, long col, int columns, int n, float[] to, int at, int room, Workspace workspace) {
        int each = scales.scaling().block() / CodeDots.SHARED;
        if (each == 1) {
            scales.factors().read(e, 0, col, true, columns, n, to, at, room, workspace);
            return;
        }
        int boxes = (n + each - 1) / each;
        float[] read = workspace.floats(BOX_SLOT, columns * boxes);
        scales.factors().read(e, 0, col, true, columns, boxes, read, 0, boxes, workspace);
        for (int c = 0; c < columns; c++) {
            for (int i = 0, box = c * boxes, last = at + c * room + n; i < n; i += each, box++) {
                float factor = read[box];
                for (int f = at + c * room + i, end = Math.min(last, f + each); f < end; f++) {
                    to[f] = factor;
                }
            }
        }
    }

    /** The codes of several columns and the bytes that they begin with, copied from a segment where there is no array. */
    private byte[] weights(Codes<byte[]> codes, long e, long col, int apart, int[] at, Workspace workspace) {
        CodeSource<byte[]> source = codes.codes();
        int perByte = source.perByte();
        if (source.array() != null) {
            for (int i = 0; i < CodeDots.ROWS; i++) {
                at[i] = (int) (codes.at(e, 0, col + (long) i * apart) / perByte);
            }
            return source.array();
        }
        int bytes = (k + perByte - 1) / perByte;
        byte[] copy = workspace.bytes(CODE_SLOT, CodeDots.ROWS * bytes);
        for (int i = 0; i < CodeDots.ROWS; i++) {
            long from = codes.at(e, 0, col + (long) i * apart) / perByte;
            at[i] = i * bytes;
            MemorySegment.copy(source.segment(), ValueLayout.JAVA_BYTE, from, copy, at[i], bytes);
        }
        return copy;
    }
}
