package dev.gamut.vector.convert;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.F32Elements;
import dev.gamut.vector.matrix.Matrix;

/**
 * A conversion ready to run. Tasks are ranges of rows, or of columns where there are few rows; pieces of a row pass L1 as F32
 * numbers, unless one side is F32 in an array and is used where it lies.
 */
final class MatrixConvert implements ConvertExecutor, PlanContext.Task {
    private static final int PIECE_SLOT = 0;
    /** Elements of a piece, even and a whole number of vectors. */
    private static final int PIECE = 4096;
    /** Pieces of a task and thread, for balance. */
    private static final int TASKS_PER_THREAD = 2;

    private final PlanContext context;
    private final Matrix<float[]> x;
    private final Matrix<float[]> y;
    private final long rows;
    private final long cols;
    private final long batch;
    private final int tasks;

    MatrixConvert(ConvertDesc desc, PlanContext context, int threads) {
        this.context = context;
        Elements<float[]> elements = new F32Elements();
        x = new Matrix<>(desc.x(), false, elements);
        y = new Matrix<>(desc.y(), false, elements);
        rows = desc.x().rows();
        cols = desc.x().cols();
        batch = desc.batch();
        tasks = threads == 1 || desc.sharesBytes() ? 1 : threads * TASKS_PER_THREAD;
    }

    @Override
    public void execute(ConvertArgs args) {
        x.bind(args.x());
        y.bind(args.y());
        try {
            context.parallelFor(tasks, this);
        } finally {
            x.release();
            y.release();
        }
    }

    @Override
    public void run(int index, Workspace workspace) {
        if (rows * batch >= tasks) {
            long last = rows * batch * (index + 1) / tasks;
            for (long r = rows * batch * index / tasks; r < last; r++) {
                row(r / rows, r % rows, 0, cols, workspace);
            }
        } else {
            long pieces = (cols + PIECE - 1) / PIECE;
            long from = pieces * index / tasks * PIECE;
            long to = Math.min(cols, pieces * (index + 1) / tasks * PIECE);
            for (long r = 0; r < rows * batch; r++) {
                row(r / rows, r % rows, from, to, workspace);
            }
        }
    }

    private void row(long e, long row, long from, long to, Workspace workspace) {
        boolean source = x.hasArrayRows();
        boolean target = y.hasArrayRows();
        for (long col = from; col < to; col += PIECE) {
            int n = (int) Math.min(PIECE, to - col);
            if (source) {
                y.write(x.array(), (int) x.at(e, row, col), n, e, row, col, false, 1, n, workspace);
            } else if (target) {
                x.read(e, row, col, false, 1, n, y.array(), (int) y.at(e, row, col), n, workspace);
            } else {
                float[] piece = workspace.floats(PIECE_SLOT, PIECE);
                x.read(e, row, col, false, 1, n, piece, 0, n, workspace);
                y.write(piece, 0, n, e, row, col, false, 1, n, workspace);
            }
        }
    }
}
