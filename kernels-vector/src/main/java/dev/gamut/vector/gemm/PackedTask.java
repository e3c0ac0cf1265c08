package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;

/**
 * The loops around a {@link Tile} for one rectangle of C: for blocks of mc rows and Blocking.KC steps it lays out A (or
 * reads it in place, where its rows are contiguous and it fits the cache), for blocks of nc columns it packs B (or takes the
 * panels packed beforehand), then lets every panel of A pass over the block of B.
 *
 * <p>Tiles that lie wholly inside a C whose rows are contiguous in an array are computed in place. All others (edges,
 * other strides, segments) go through a strip of MR rows: read where the old C counts, computed by the same
 * micro-kernel with whole tiles, written back without the padding.
 *
 * <p>Where its {@link Completion} asks for it the product is summed apart, by parts of the rectangle; the completion takes the
 * sums of each run of k and makes C of them at the end.
 *
 * <p>Holds the state of the loops between its methods; one thread at a time.
 *
 * @param <S> array kind of the element type
 */
final class PackedTask<S> {
    private static final int A_SLOT = 0;
    private static final int B_SLOT = 1;
    private static final int STRIP_SLOT = 2;
    private static final int FETCH_SLOT = 3;
    private static final int SUM_SLOT = 4;
    /** The part of C whose product is summed apart: 4 MiB of F64. */
    private static final int SUM_ROWS = 512;

    private static final int SUM_COLS = 1024;

    private final Elements<S> elements;
    private final Tile<S> tile;
    private final Panels<S> panels;
    private final Product<S> x;
    private final int mr;
    private final int nr;
    private final Blocking blocking;
    private final int mc;
    private final boolean inCache;
    private final Completion<S> completion;

    private Workspace workspace;
    private PackedPanels<S> packed;
    /** Columns of a block of B: those of the panels packed beforehand, where there are any. */
    private int nc;
    /** Matrix of the batch. */
    private long e;
    /** Row and count of rows of the block of A. */
    private long i0;

    private int rows;
    /** Column and count of columns of the block of B. */
    private long j0;

    private int cols;
    /** Where in k both blocks begin and how deep they are. */
    private long p;

    private int depth;
    /** The steps of the blocks that are multiplied: all, or those of one run. */
    private int skipped;

    private int steps;
    private S ap;
    private int a0;
    /** Whether the rows of A are contiguous: then they are only copied, or not even that. */
    private final boolean rowsOfA;

    /** Whether panels of A are taken from the operand, but the last, which may lack rows. */
    private boolean direct;
    /** Where the present panel of A is, and its strides. */
    private S panel;

    private int panel0;
    private int rs;
    private int cs;
    private S bp;
    private int b0;
    /** Sums kept apart, the column of C they begin at, their leading dimension; null where C is updated directly. */
    private S sums;

    private long sums0;
    private int ldSums;

    /**
     * Ready to compute.
     *
     * @param inCache whether A is small enough to be read in place again and again
     * @param completion for sums that are kept apart
     */
    PackedTask(
            Elements<S> elements,
            Tile<S> tile,
            int mr,
            int nr,
            Product<S> x,
            Blocking blocking,
            boolean inCache,
            Completion<S> completion) {
        this.inCache = inCache;
        this.completion = completion;
        this.rowsOfA = x.a.colStride == 1;
        this.elements = elements;
        this.tile = tile;
        this.x = x;
        this.mr = mr;
        this.nr = nr;
        this.blocking = blocking;
        mc = blocking.mc();
        panels = new Panels<>(elements, FETCH_SLOT);
    }

    /** Lends the task what it needs for one run. */
    void begin(Workspace lent, PackedPanels<S> panelsOfB) {
        workspace = lent;
        packed = panelsOfB;
        nc = packed == null ? blocking.nc() : packed.nc();
    }

    /** Forgets the run's memory. */
    void end() {
        workspace = null;
        packed = null;
        ap = null;
        bp = null;
        sums = null;
        panel = null;
        completion.end();
    }

    /** Computes rows [first, last) and columns [left, right) of matrix {@code batch}. */
    void compute(long batch, long first, long last, long left, long right) {
        e = batch;
        if (x.isScaling()) {
            completion.scale(e, first, last, left, right, workspace);
            return;
        }
        boolean apart = completion.isApart();
        int height = apart ? Math.min(mc, Blocking.roundUp(SUM_ROWS, mr)) : mc;
        long width = apart ? Blocking.roundUp(SUM_COLS, nr) : right - left;
        for (long j = left; j < right; j += width) {
            for (long i = first; i < last; i += height) {
                i0 = i;
                rows = (int) Math.min(height, last - i);
                part(j, Math.min(right, j + width), apart);
            }
        }
    }

    /** All of k for one block of rows. */
    private void part(long left, long right, boolean apart) {
        if (apart) {
            ldSums = Blocking.roundUp((int) (right - left), nr);
            sums0 = left;
            sums = elements.scratch(workspace, SUM_SLOT, Blocking.roundUp(rows, mr) * ldSums);
            completion.begin(e, i0, rows, left, ldSums, workspace);
        }
        a0 = elements.lineStart();
        direct = inCache && rowsOfA && x.a.array() != null;
        ap = elements.scratch(
                workspace, A_SLOT, a0 + (direct ? mr : Blocking.roundUp(rows, mr)) * Blocking.KC + elements.lanes());
        for (p = 0; p < x.k; p += Blocking.KC) {
            depth = (int) Math.min(Blocking.KC, x.k - p);
            blockOfA();
            // Panels packed beforehand come in blocks that start at column 0.
            long origin = packed != null ? 0 : left;
            for (j0 = left; j0 < right; j0 += cols) {
                cols = (int) (Math.min(right, origin + ((j0 - origin) / nc + 1) * nc) - j0);
                blockOfB();
                if (apart) {
                    sum();
                } else {
                    update();
                }
            }
        }
        if (apart) {
            for (int i = 0; i < rows; i++) {
                completion.finish(i, (int) (right - left), sums);
            }
            sums = null;
        }
    }

    /** Rows side by side, filled up to whole panels, or interleaved by panels where the columns of A are contiguous. */
    private void blockOfA() {
        if (!rowsOfA) {
            panels.pack(x.a, e, i0, p, false, rows, mr, depth, ap, a0, workspace);
            return;
        }
        int first = direct ? rows - rows % mr : 0;
        int count = rows - first;
        x.a.read(e, i0 + first, p, false, count, depth, ap, a0, depth, workspace);
        elements.scale(ap, a0 + count * depth, (Blocking.roundUp(count, mr) - count) * depth, 0);
    }

    /** Finds the panel of A that begins with a row of the block. */
    private void panelOfA(int i) {
        if (direct && i + mr <= rows) {
            panel = x.a.array();
            panel0 = (int) x.a.at(e, i0 + i, p);
            rs = (int) x.a.rowStride;
            cs = 1;
        } else {
            panel = ap;
            panel0 = direct ? a0 : a0 + i * depth;
            rs = rowsOfA ? depth : 1;
            cs = rowsOfA ? 1 : mr;
        }
    }

    private void blockOfB() {
        if (packed != null) {
            bp = packed.block(p, j0);
            b0 = packed.lineStart() + (int) (j0 % nc) * depth;
            return;
        }
        b0 = elements.lineStart();
        bp = elements.scratch(workspace, B_SLOT, b0 + nc * Blocking.KC + elements.lanes());
        panels.pack(x.b, e, p, j0, true, cols, nr, depth, bp, b0, workspace);
    }

    /** All panels of A over the block of B, into C. */
    private void update() {
        double beta = p == 0 ? x.beta : 1;
        skipped = 0;
        steps = depth;
        for (int i = 0; i < rows; i += mr) {
            int height = Math.min(mr, rows - i);
            panelOfA(i);
            int inPlace = height == mr && x.c.hasArrayRows() ? cols - cols % nr : 0;
            if (inPlace > 0) {
                int c = (int) x.c.at(e, i0 + i, j0);
                sweep(b0, inPlace, x.c.array(), c, (int) x.c.rowStride, x.alpha, beta);
            }
            if (inPlace < cols) {
                strip(i, height, inPlace, beta);
            }
        }
    }

    /** One panel of A over the columns of the block from {@code from} on, by way of whole tiles apart from C. */
    private void strip(int i, int height, int from, double beta) {
        int width = cols - from;
        int ld = Blocking.roundUp(width, nr);
        S strip = elements.scratch(workspace, STRIP_SLOT, mr * Blocking.roundUp(nc, nr));
        if (beta != 0) {
            x.c.read(e, i0 + i, j0 + from, false, height, width, strip, 0, ld, workspace);
        }
        sweep(b0 + from * depth, ld, strip, 0, ld, x.alpha, beta);
        x.c.write(strip, 0, ld, e, i0 + i, j0 + from, false, height, width, workspace);
    }

    /** All panels of A over the block of B, run by run, to the sums kept apart. */
    private void sum() {
        int at = (int) (j0 - sums0);
        for (long q = p; q < p + depth; q += steps) {
            long runEnd = Math.min(x.k, completion.runEnd(q));
            boolean starts = q == 0 || completion.runEnd(q - 1) == q;
            skipped = (int) (q - p);
            steps = (int) (Math.min(p + depth, runEnd) - q);
            for (int i = 0; i < rows; i += mr) {
                panelOfA(i);
                sweep(b0, cols, sums, i * ldSums + at, ldSums, 1, starts ? 0 : 1);
            }
            if (q + steps == runEnd) {
                completion.close(q, rows, at, cols, sums);
            }
        }
    }

    /** The present panel of A over the panels of B that {@code width} columns begin in. */
    private void sweep(int b, int width, S c, int c0, int ldc, double alpha, double beta) {
        int a = panel0 + skipped * cs;
        int b1 = b + skipped * nr;
        if (beta == 0) {
            for (int j = 0; j < width; j += nr) {
                tile.store(steps, panel, a, rs, cs, bp, b1 + j * depth, c, c0 + j, ldc, alpha);
            }
        } else {
            for (int j = 0; j < width; j += nr) {
                tile.update(steps, panel, a, rs, cs, bp, b1 + j * depth, c, c0 + j, ldc, alpha, beta);
            }
        }
    }
}
