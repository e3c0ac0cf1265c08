package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceDesc;
import dev.gamut.tensor.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the terms of each result lie. Results form units of neighbouring columns that are reduced side by side: term
 * t of column c of a unit is at {@code first + t * stride + c}. A whole tensor and a row are units of one column
 * whose terms are neighbours. Immutable; {@link #obstacle} says which descriptors have one.
 */
final class Geometry {
    /** Terms in a block of the order tree64. */
    static final int BLOCK = 4096;

    /** Columns of a strip where there are twice as many; its 64 rows of accumulators, 64 KB of F64, stay in L2. */
    private static final int STRIP = 128;

    /** An axis over results: its size and its strides in x, y and out. */
    private record Axis(long size, long x, long y, long out) {}

    private final long terms;
    private final long xStride;
    private final long yStride;
    private final long width;
    private final long outStride;
    private final long strips;
    private final long[] outerSizes;
    private final long[] xOuter;
    private final long[] yOuter;
    private final long[] outOuter;

    private Geometry(ReduceDesc desc, List<Axis> kept, Axis inner) {
        boolean all = desc.axis() == ReduceDesc.ALL;
        this.terms = desc.terms();
        this.xStride = all || terms <= 1 ? 1 : desc.x().stride(desc.axis());
        this.yStride = all || terms <= 1 ? 1 : desc.y().stride(desc.axis());
        this.width = inner.size;
        this.outStride = inner.out;
        this.strips = width < 2 * STRIP ? 1 : width / STRIP;
        this.outerSizes = kept.stream().mapToLong(Axis::size).toArray();
        this.xOuter = kept.stream().mapToLong(Axis::x).toArray();
        this.yOuter = kept.stream().mapToLong(Axis::y).toArray();
        this.outOuter = kept.stream().mapToLong(Axis::out).toArray();
    }

    /**
     * Why a descriptor's strides are not served.
     *
     * @return the reason with the values concerned, or null
     */
    static String obstacle(ReduceDesc desc) {
        if (desc.axis() == ReduceDesc.ALL) {
            boolean contiguous = desc.x().isRowMajor() && desc.y().isRowMajor();
            return contiguous ? null : "a whole tensor must be contiguous in row-major order, not " + strides(desc);
        }
        if (rows(desc) || desc.results() == 0 || inner(kept(desc)) != null) {
            return null;
        }
        return "either the reduced axis " + desc.axis() + " or another one must have stride 1"
                + (desc.op().isBinary() ? " in both operands" : "") + ", not " + strides(desc);
    }

    private static String strides(ReduceDesc desc) {
        return desc.x() + (desc.op().isBinary() ? " and " + desc.y() : "");
    }

    /** The geometry of a descriptor without {@link #obstacle}. */
    static Geometry of(ReduceDesc desc) {
        Axis single = new Axis(1, 1, 1, 1);
        if (desc.axis() == ReduceDesc.ALL) {
            return new Geometry(desc, List.of(), single);
        }
        List<Axis> kept = kept(desc);
        Axis inner = rows(desc) && desc.terms() > 1 ? null : inner(kept);
        if (inner == null) {
            return new Geometry(desc, kept, single);
        }
        kept.remove(inner);
        return new Geometry(desc, kept, merged(kept, inner));
    }

    private static boolean rows(ReduceDesc desc) {
        return desc.terms() <= 1
                || desc.x().stride(desc.axis()) == 1 && desc.y().stride(desc.axis()) == 1;
    }

    /** The axes that remain, the fastest first. */
    private static List<Axis> kept(ReduceDesc desc) {
        Layout x = desc.x().without(desc.axis());
        Layout y = desc.y().without(desc.axis());
        List<Axis> axes = new ArrayList<>();
        long out = 1;
        for (int a = x.rank() - 1; a >= 0; a--) {
            if (x.size(a) != 1) {
                axes.add(new Axis(x.size(a), x.stride(a), y.stride(a), out));
            }
            out *= x.size(a);
        }
        return axes;
    }

    private static Axis inner(List<Axis> kept) {
        for (Axis axis : kept) {
            if (axis.x == 1 && axis.y == 1) {
                return axis;
            }
        }
        return null;
    }

    /** The inner axis together with the ones that continue it in x, y and out, which are taken from the list. */
    private static Axis merged(List<Axis> kept, Axis inner) {
        Axis grown = inner;
        for (int a = 0; a < kept.size(); a++) {
            Axis axis = kept.get(a);
            if (axis.x == grown.size && axis.y == grown.size && axis.out == grown.size * grown.out) {
                grown = new Axis(grown.size * axis.size, 1, 1, grown.out);
                kept.remove(a);
                a = -1;
            }
        }
        return grown;
    }

    long terms() {
        return terms;
    }

    long blocks() {
        return (terms + BLOCK - 1) / BLOCK;
    }

    /** Elements between the terms of a column of x. */
    long xStride() {
        return xStride;
    }

    long yStride() {
        return yStride;
    }

    long units() {
        long units = strips;
        for (long size : outerSizes) {
            units *= size;
        }
        return units;
    }

    /** Columns of the widest unit. */
    int maxColumns() {
        return (int) (width - (strips - 1) * STRIP);
    }

    /** Columns of a unit: every strip but the last has {@value #STRIP}. */
    int columns(long unit) {
        return unit % strips == strips - 1 ? maxColumns() : STRIP;
    }

    /** Element index in x of the first term of a unit's first column. */
    long xFirst(long unit) {
        return position(unit, 1, xOuter);
    }

    /** The same in y. */
    long yFirst(long unit) {
        return position(unit, 1, yOuter);
    }

    /** Index of the result of a unit's first column. */
    long outFirst(long unit) {
        return position(unit, outStride, outOuter);
    }

    private long position(long unit, long columnStride, long[] strides) {
        long at = unit % strips * STRIP * columnStride;
        long rest = unit / strips;
        for (int a = 0; a < strides.length; a++) {
            at += rest % outerSizes[a] * strides[a];
            rest /= outerSizes[a];
        }
        return at;
    }

    /** Between the results of neighbouring columns. */
    long outStride() {
        return outStride;
    }
}
