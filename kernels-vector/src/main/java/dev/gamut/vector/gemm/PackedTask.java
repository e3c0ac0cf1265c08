package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;

/**
 * The loops around a {@link Tile} for one rectangle of C: for blocks of mc rows and Blocking.KC steps it lays out A (or
 * reads it in place, where its rows are contiguous and it fits the cache), for blocks of nc columns it packs B (or takes the
 * panels packed beforehand), then lets every panel of A pass over the block of B.
 *
 * <p>Tiles that lie wholly inside a C whose rows are contiguous in an array are computed in place. All others (edges,
 * other strides, segments) go through a strip of MR rows: read where the old C counts, computed by the same
 * micro-kernel with whole tiles, written back without the padding.
 *
 * <p>With several blocks of k and factors other than alpha = 1 and beta = 0 the product is summed apart, by parts of the
 * rectangle, and joined with the old C at the end: added block by block, an old C much larger than the product would be
 * rounded once for each block, and the order of evaluation has alpha and beta last.
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
     */
    PackedTask(Elements<S> elements, Tile<S> tile, int mr, int nr, Product<S> x, Blocking blocking, boolean inCache) {
        this.inCache = inCache;
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
    }

    /** Computes rows [first, last) and columns [left, right) of matrix {@code batch}. */
    void compute(long batch, long first, long last, long left, long right) {
        e = batch;
        if (x.isScaling()) {
            x.scale(e, first, last, left, right, workspace, STRIP_SLOT);
            return;
        }
        boolean apart = x.k > Blocking.KC && (x.alpha != 1 || x.beta != 0);
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
            join(left, (int) (right - left));
            sums = null;
        }
    }

    /** Rows side by side, filled up to whole panels, or interleaved by panels where the columns of A are contiguous. */
    private void blockOfA() {
        if (!rowsOfA) {
            panels.pack(x.a, x.a.at(e, i0, p), x.a.rowStride, x.a.colStride, rows, mr, depth, ap, a0, workspace);
            return;
        }
        int first = direct ? rows - rows % mr : 0;
        int count = rows - first;
        elements.read(x.a, x.a.at(e, i0 + first, p), x.a.rowStride, 1, count, depth, ap, a0, depth);
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
        panels.pack(x.b, x.b.at(e, p, j0), x.b.colStride, x.b.rowStride, cols, nr, depth, bp, b0, workspace);
    }

    /** All panels of A over the block of B, into C. */
    private void update() {
        double beta = p == 0 ? x.beta : 1;
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
        long at = x.c.at(e, i0 + i, j0 + from);
        if (beta != 0) {
            elements.read(x.c, at, x.c.rowStride, x.c.colStride, height, width, strip, 0, ld);
        }
        sweep(b0 + from * depth, ld, strip, 0, ld, x.alpha, beta);
        elements.write(strip, 0, ld, x.c, at, x.c.rowStride, x.c.colStride, height, width);
    }

    /** All panels of A over the block of B, added to the sums kept apart. */
    private void sum() {
        int at = (int) (j0 - sums0);
        for (int i = 0; i < rows; i += mr) {
            panelOfA(i);
            sweep(b0, cols, sums, i * ldSums + at, ldSums, 1, p == 0 ? 0 : 1);
        }
    }

    /** C = alpha·sums + beta·C. */
    private void join(long left, int width) {
        S strip = elements.scratch(workspace, STRIP_SLOT, Math.max(width, mr * Blocking.roundUp(nc, nr)));
        for (int i = 0; i < rows; i++) {
            long at = x.c.at(e, i0 + i, left);
            if (x.c.hasArrayRows()) {
                elements.join(width, sums, i * ldSums, x.c.array(), (int) at, x.alpha, x.beta);
            } else {
                elements.read(x.c, at, x.c.rowStride, x.c.colStride, 1, width, strip, 0, width);
                elements.join(width, sums, i * ldSums, strip, 0, x.alpha, x.beta);
                elements.write(strip, 0, width, x.c, at, x.c.rowStride, x.c.colStride, 1, width);
            }
        }
    }

    /** The present panel of A over the panels of B that {@code width} columns begin in. */
    private void sweep(int b, int width, S c, int c0, int ldc, double alpha, double beta) {
        if (beta == 0) {
            for (int j = 0; j < width; j += nr) {
                tile.store(depth, panel, panel0, rs, cs, bp, b + j * depth, c, c0 + j, ldc, alpha);
            }
        } else {
            for (int j = 0; j < width; j += nr) {
                tile.update(depth, panel, panel0, rs, cs, bp, b + j * depth, c, c0 + j, ldc, alpha, beta);
            }
        }
    }
}
