package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.Workspace;

/**
 * Walks over the terms of a unit block by block: what one task of a reduction runs. A block's terms go to 64 lanes
 * for each column, laid out lane by lane, so that dense columns are nothing but rows of 64 · columns elements and a
 * contiguous tensor is the same with one column. One thread at a time; scratch memory is that of the running task.
 *
 * @param <A> array type of the accumulator
 */
final class Worker<A> {
    private static final int LANES = Rows.WIDTH;

    private static final int LANES_SLOT = 0;
    private static final int X_SLOT = 1;
    private static final int Y_SLOT = 2;

    /** For copies of less than 64 terms and of their lanes. */
    private static final int TAIL_SLOT = 3;

    /** For the lanes of a run, and for copies of runs shorter than a step. */
    private static final int RUN_SLOT = 4;

    final Geometry geometry;
    final Arithmetic<A> arithmetic;
    final Source<A> x;
    /** The operand itself for sums of squares; null where nothing is multiplied. */
    final Source<A> y;

    private final Rows<A> rows = new Rows<>();
    private final Tree<A> tree;

    /** Whether the order of terms is free. */
    private final boolean anyOrder;

    private A lanes;
    private A tail;
    private Leaf<A> leaf;
    private int span;

    /** Columns of the unit being worked on. */
    private int columns;

    private Workspace workspace;

    Worker(ReduceDesc desc, Geometry geometry, Arithmetic<A> arithmetic, boolean anyOrder) {
        this.anyOrder = anyOrder;
        this.geometry = geometry;
        this.arithmetic = arithmetic;
        this.x = new Source<>(arithmetic, desc.type(), X_SLOT);
        this.y = switch (desc.op()) {
            case DOT -> new Source<>(arithmetic, desc.type(), Y_SLOT);
            case NRM2 -> x;
            default -> null;
        };
        // Runs are longer than blocks, but one that leads to a cache line and a short last one may come on top.
        this.tree = new Tree<>(arithmetic, geometry.blocks() + 2, geometry.maxColumns());
    }

    void bind(ReduceArgs args) {
        x.bind(args.x());
        if (y != null && y != x) {
            y.bind(args.y());
        }
    }

    void release() {
        x.release();
        if (y != null) {
            y.release();
        }
        rows.clear();
        lanes = null;
        tail = null;
        workspace = null;
    }

    /** Gets ready for a pass over a unit; parameters are those of all its lanes. */
    void start(Step step, long unit, A scale, A shift, Workspace scratch) {
        columns = geometry.columns(unit);
        leaf = arithmetic.leaf(step);
        span = arithmetic.span();
        workspace = scratch;
        lanes = arithmetic.scratch(scratch, LANES_SLOT, LANES * columns);
        tail = arithmetic.scratch(scratch, TAIL_SLOT, 3 * LANES);
        rows.scale = scale;
        rows.shift = shift;
    }

    /**
     * Joins the blocks from one on up to another of a unit: as the tree of their numbers says, or in runs where the order is
     * free and the terms are neighbours in an array.
     */
    void reduce(Step step, long unit, long from, long to, A result, int at) {
        tree.start(step.join(), columns);
        Stream<A> stream = anyOrder ? arithmetic.stream(step) : null;
        boolean neighbours = columns == 1 && geometry.xStride() == 1 && geometry.yStride() == 1;
        if (stream != null && neighbours && x.isArray() && (y == null || y.isArray())) {
            runs(stream, step, unit, from * Geometry.BLOCK, Math.min(to * Geometry.BLOCK, geometry.terms()));
        } else {
            for (long block = from; block < to; block++) {
                fillLanes(step, unit, block);
                fold(step.join(), lanes);
                tree.add(lanes, 0);
            }
        }
        tree.finish(result, at);
    }

    private void runs(Stream<A> stream, Step step, long unit, long from, long to) {
        int width = Stream.VECTORS * arithmetic.lanes();
        A own = arithmetic.scratch(workspace, RUN_SLOT, (2 + 2 * Stream.VECTORS) * arithmetic.lanes());
        rows.lanes = own;
        rows.at = 0;
        // A long run starts at a cache line, for vectors that straddle two take longer.
        boolean isLong = to - from > Stream.STEPS * (long) width;
        long line = isLong ? from + elementsToLine(unit, from) : from;
        for (long term = from; term < to; ) {
            long left = term < line ? line - term : to - term;
            int steps = (int) Math.min(Stream.STEPS, left / width);
            int count = steps == 0 ? (int) left : steps * width;
            if (steps == 0) {
                shortRun(step.join(), own, unit, term, count);
            } else {
                rows.x = x.array(geometry.xFirst(unit) + term);
                rows.xAt = x.at;
                rows.y = y == null ? null : y.array(geometry.yFirst(unit) + term);
                rows.yAt = y == null ? 0 : y.at;
                rows.count = steps;
                rows.gap = count / Stream.PLACES;
            }
            stream.pass(rows);
            for (int half = arithmetic.lanes() / 2; half > 0; half /= 2) {
                arithmetic.join(step.join(), own, 0, own, half, half);
            }
            tree.add(own, 0);
            term += count;
        }
    }

    /** Elements before the next cache line: data begins 16 bytes into an array, and large arrays on a line. */
    private int elementsToLine(long unit, long term) {
        int size = arithmetic.type().bits() / 8;
        x.array(geometry.xFirst(unit) + term);
        return Math.floorMod(-(16 / size + x.at), 64 / size);
    }

    /** Less than a step: a copy, filled up with what changes nothing. */
    private void shortRun(Join how, A own, long unit, long term, int count) {
        int lane = arithmetic.lanes();
        int at = 2 * lane;
        int width = Stream.VECTORS * lane;
        A terms = x.array(geometry.xFirst(unit) + term);
        arithmetic.copy(terms, x.at, own, at, count);
        double filler = how.isExact() ? arithmetic.get(terms, x.at) : 0;
        arithmetic.fill(own, at + count, width - count, filler);
        if (y != null) {
            arithmetic.copy(y.array(geometry.yFirst(unit) + term), y.at, own, at + width, count);
            arithmetic.fill(own, at + width + count, width - count, 0);
        }
        rows.x = own;
        rows.xAt = at;
        rows.y = own;
        rows.yAt = at + width;
        rows.count = 1;
        rows.gap = width / Stream.PLACES;
    }

    /** l ← l + 32 for the lanes below 32, and so on; the results stand in the first lane of each column. */
    void fold(Join how, A folded) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            arithmetic.join(how, folded, 0, folded, half * columns, half * columns);
        }
    }

    /** Accumulates the terms of a block in its lanes. */
    A fillLanes(Step step, long unit, long block) {
        fillLanes(step, unit, block * Geometry.BLOCK, blockRows(block));
        return lanes;
    }

    private void fillLanes(Step step, long unit, long term, int terms) {
        arithmetic.fill(lanes, 0, LANES * columns, step.join().neutral());
        int piece = pieceRows();
        for (int r = 0; r < terms; r += piece) {
            int count = Math.min(piece, terms - r);
            open(unit, term + r, count);
            accumulate(count);
        }
    }

    int blockRows(long block) {
        return (int) Math.min(Geometry.BLOCK, geometry.terms() - block * Geometry.BLOCK);
    }

    /** Terms of each column that are opened at once: copies of them should stay in cache. */
    int pieceRows() {
        return LANES * Math.clamp(LANES / columns, 8, LANES);
    }

    /** Opens terms of each column. */
    void open(long unit, long term, int count) {
        x.open(geometry.xFirst(unit) + term * geometry.xStride(), geometry.xStride(), count, columns, workspace);
        if (y != null && y != x) {
            y.open(geometry.yFirst(unit) + term * geometry.yStride(), geometry.yStride(), count, columns, workspace);
        }
    }

    private void accumulate(int count) {
        rows.x = x.array;
        rows.y = y == null ? null : y.array;
        rows.lanes = lanes;
        if (x.step == columns && (y == null || y.step == columns)) {
            dense(count);
        } else {
            strided(count);
        }
    }

    /** Rows without gaps: 64 of them are one row of 64 · columns elements for as many lanes. */
    private void dense(int count) {
        int whole = count / LANES;
        int width = LANES * columns;
        rows.xStep = width;
        rows.yStep = width;
        for (int p = 0; p < width && whole > 0; p += LANES) {
            run(p, p, p, whole);
        }
        int rest = count % LANES * columns;
        int from = whole * width;
        int p = 0;
        for (; p + LANES <= rest; p += LANES) {
            run(from + p, from + p, p, 1);
        }
        if (p < rest) {
            partial(from + p, p, rest - p);
        }
    }

    /** Rows with gaps, a multiple of 64 columns wide: lane by lane, 64 columns at a time. */
    private void strided(int count) {
        rows.xStep = LANES * x.step;
        rows.yStep = y == null ? 0 : LANES * y.step;
        for (int lane = 0; lane < Math.min(LANES, count); lane++) {
            int whole = (count - lane + LANES - 1) / LANES;
            for (int c = 0; c < columns; c += LANES) {
                run(lane * x.step + c, y == null ? 0 : lane * y.step + c, lane * columns + c, whole);
            }
        }
    }

    private void run(int xAt, int yAt, int lane, int count) {
        rows.xAt = x.at + xAt;
        rows.yAt = y == null ? 0 : y.at + yAt;
        rows.at = lane;
        rows.param = lane;
        rows.count = count;
        for (int g = 0; g < LANES; g += span) {
            leaf.pass(rows, g);
        }
    }

    /** Fewer than 64 terms: computes 64 lanes in a copy and keeps those that have a term. */
    private void partial(int from, int lane, int count) {
        arithmetic.copy(x.array, x.at + from, tail, 0, count);
        if (y != null) {
            arithmetic.copy(y.array, y.at + from, tail, LANES, count);
        }
        arithmetic.copy(lanes, lane, tail, 2 * LANES, count);
        rows.x = tail;
        rows.y = tail;
        rows.lanes = tail;
        rows.xAt = 0;
        rows.yAt = LANES;
        rows.at = 2 * LANES;
        rows.param = lane;
        rows.count = 1;
        for (int g = 0; g < LANES; g += span) {
            leaf.pass(rows, g);
        }
        arithmetic.copy(tail, 2 * LANES, lanes, lane, count);
    }
}
