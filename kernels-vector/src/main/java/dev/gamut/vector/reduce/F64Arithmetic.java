package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.Species;
import dev.gamut.vector.codec.CodeSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Accumulation in F64, of F64 or F32 operands. */
final class F64Arithmetic implements Arithmetic<double[]> {
    private static final VectorSpecies<Double> SPECIES = Shapes.F64;
    private static final int L = SPECIES.length();

    /** Whether extremes of 64 bits are instructions, and there are registers for two of each lane: x86 has neither without AVX-512. */
    private static final boolean LONG_EXTREMES = Species.REGISTERS > 16;

    @Override
    public DType type() {
        return DType.F64;
    }

    @Override
    public double[] array(int size) {
        return new double[size];
    }

    @Override
    public double[] scratch(Workspace workspace, int slot, int size) {
        return workspace.doubles(slot, size);
    }

    @Override
    public double[] own(Object array) {
        return array instanceof double[] own ? own : null;
    }

    @Override
    public double get(double[] array, int at) {
        return array[at];
    }

    @Override
    public void set(double[] array, int at, double value) {
        array[at] = value;
    }

    @Override
    public void fill(double[] array, int from, int count, double value) {
        Arrays.fill(array, from, from + count, value);
    }

    @Override
    public void read(Object from, long index, double[] to, int at, int count) {
        if (from instanceof double[]) {
            System.arraycopy(from, (int) index, to, at, count);
            return;
        }
        float[] narrow = (float[]) from;
        for (int i = 0, f = (int) index; i < count; i++) {
            to[at + i] = narrow[f + i];
        }
    }

    @Override
    public void read(MemorySegment from, DType type, long index, double[] to, int at, int count) {
        if (type == DType.F64) {
            MemorySegment.copy(from, ValueLayout.JAVA_DOUBLE_UNALIGNED, index * Double.BYTES, to, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[at + i] = from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (index + i) * Float.BYTES);
        }
    }

    @Override
    public void decode(CodeSource<?> from, long first, double[] to, int at, int count, Workspace workspace, int slot) {
        float[] narrow = workspace.floats(slot, count);
        from.read(first, count, narrow, 0, workspace, slot);
        for (int i = 0; i < count; i++) {
            to[at + i] = narrow[i];
        }
    }

    @Override
    public void join(Join how, double[] left, int l, double[] right, int r, int count) {
        switch (how) {
            case ADD -> add(left, l, right, r, count);
            case MULTIPLY -> multiply(left, l, right, r, count);
            case MIN -> min(left, l, right, r, count);
            case MAX -> max(left, l, right, r, count);
        }
    }

    private static void add(double[] left, int l, double[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            DoubleVector joined =
                    DoubleVector.fromArray(SPECIES, left, l + i).add(DoubleVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = left[l + i] + right[r + i];
        }
    }

    private static void multiply(double[] left, int l, double[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            DoubleVector joined =
                    DoubleVector.fromArray(SPECIES, left, l + i).mul(DoubleVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = left[l + i] * right[r + i];
        }
    }

    private static void min(double[] left, int l, double[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            DoubleVector joined =
                    DoubleVector.fromArray(SPECIES, left, l + i).min(DoubleVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = Math.min(left[l + i], right[r + i]);
        }
    }

    private static void max(double[] left, int l, double[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            DoubleVector joined =
                    DoubleVector.fromArray(SPECIES, left, l + i).max(DoubleVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = Math.max(left[l + i], right[r + i]);
        }
    }

    @Override
    public Leaf<double[]> leaf(Step step) {
        return switch (step) {
            case SUM -> F64Leaves::sum;
            case ASUM -> F64Leaves::asum;
            case PRODUCT -> F64Leaves::product;
            case DOT -> F64Leaves::dot;
            case SQUARES -> F64Leaves::squares;
            case MIN -> F64Leaves::min;
            case MAX -> F64Leaves::max;
            case AMAX -> F64Leaves::amax;
            case EXP -> F64Leaves::exp;
        };
    }

    @Override
    public int span() {
        return F64Leaves.SPAN;
    }

    @Override
    public Stream<double[]> stream(Step step) {
        return switch (step) {
            case SUM -> F64Streams::sum;
            case ASUM -> F64Streams::asum;
            case DOT -> F64Streams::dot;
            case MIN -> LONG_EXTREMES ? F64Streams::min : F64Comparisons::min;
            case MAX -> LONG_EXTREMES ? F64Streams::max : F64Comparisons::max;
            case PRODUCT, SQUARES, AMAX, EXP -> null;
        };
    }

    @Override
    public int lanes() {
        return L;
    }
}
