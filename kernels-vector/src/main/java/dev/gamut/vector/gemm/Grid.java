package dev.gamut.vector.gemm;

/**
 * How a batch of results is cut into tasks: ranges of the batch, times ranges of rows, times ranges of columns. Tasks
 * are independent of each other and of the thread that runs them, and k is never cut, so the grid does not change a bit
 * of the result.
 *
 * @param batches ranges of the batch
 * @param rowParts ranges of rows
 * @param colParts ranges of columns
 */
record Grid(int batches, int rowParts, int colParts) {
    /** Everything in one task. */
    static final Grid ONE = new Grid(1, 1, 1);

    /**
     * A grid of about {@code tasks} tasks. Batches are cut first, because that costs nothing; then the result is cut
     * into rectangles as near to squares as possible, because each task packs its own part of A and of B.
     *
     * @param tasks wanted, at least 1
     * @param batch matrices
     * @param m rows
     * @param n columns
     * @param mr unit of rows
     * @param nr unit of columns
     */
    static Grid of(int tasks, long batch, long m, long n, int mr, int nr) {
        if (tasks <= 1 || m == 0 || n == 0) {
            return ONE;
        }
        if (batch >= tasks) {
            return new Grid(tasks, 1, 1);
        }
        int batches = (int) Math.max(1, batch);
        int parts = (tasks + batches - 1) / batches;
        long rowUnits = (m + mr - 1) / mr;
        long colUnits = (n + nr - 1) / nr;
        Grid best = new Grid(batches, 1, 1);
        double bestCost = Double.POSITIVE_INFINITY;
        for (int rows = 1; rows <= Math.min(parts, rowUnits); rows++) {
            int cols = (int) Math.min(parts / rows, colUnits);
            double h = Math.ceil((double) rowUnits / rows) * mr;
            double w = Math.ceil((double) colUnits / cols) * nr;
            // The slowest task's area, and half its circumference for packing.
            double cost = h * w + 32 * (h + w);
            if (cost < bestCost) {
                bestCost = cost;
                best = new Grid(batches, rows, cols);
            }
        }
        return best;
    }

    int tasks() {
        return batches * rowParts * colParts;
    }

    int batchPart(int task) {
        return task / (rowParts * colParts);
    }

    int rowPart(int task) {
        return task / colParts % rowParts;
    }

    int colPart(int task) {
        return task % colParts;
    }

    /**
     * Where a part begins; part {@code parts} begins at the end.
     *
     * @param extent to be cut
     * @param unit what is not cut
     */
    static long cut(long extent, int unit, int part, int parts) {
        long units = (extent + unit - 1) / unit;
        return Math.min(extent, units * part / parts * unit);
    }
}
