package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.codec.CodeSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Accumulation in F32. */
final class F32Arithmetic implements Arithmetic<float[]> {
    private static final VectorSpecies<Float> SPECIES = Shapes.F32;
    private static final int L = SPECIES.length();

    @Override
    public DType type() {
        return DType.F32;
    }

    @Override
    public float[] array(int size) {
        return new float[size];
    }

    @Override
    public float[] scratch(Workspace workspace, int slot, int size) {
        return workspace.floats(slot, size);
    }

    @Override
    public float[] own(Object array) {
        return array instanceof float[] own ? own : null;
    }

    @Override
    public double get(float[] array, int at) {
        return array[at];
    }

    @Override
    public void set(float[] array, int at, double value) {
        array[at] = (float) value;
    }

    @Override
    public void fill(float[] array, int from, int count, double value) {
        Arrays.fill(array, from, from + count, (float) value);
    }

    @Override
    public void read(Object from, long index, float[] to, int at, int count) {
        System.arraycopy(from, (int) index, to, at, count);
    }

    @Override
    public void read(MemorySegment from, DType type, long index, float[] to, int at, int count) {
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES, to, at, count);
    }

    @Override
    public void decode(CodeSource<?> from, long first, float[] to, int at, int count, Workspace workspace, int slot) {
        from.read(first, count, to, at, workspace, slot);
    }

    @Override
    public void join(Join how, float[] left, int l, float[] right, int r, int count) {
        switch (how) {
            case ADD -> add(left, l, right, r, count);
            case MULTIPLY -> multiply(left, l, right, r, count);
            case MIN -> min(left, l, right, r, count);
            case MAX -> max(left, l, right, r, count);
        }
    }

    private static void add(float[] left, int l, float[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            FloatVector joined =
                    FloatVector.fromArray(SPECIES, left, l + i).add(FloatVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = left[l + i] + right[r + i];
        }
    }

    private static void multiply(float[] left, int l, float[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            FloatVector joined =
                    FloatVector.fromArray(SPECIES, left, l + i).mul(FloatVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = left[l + i] * right[r + i];
        }
    }

    private static void min(float[] left, int l, float[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            FloatVector joined =
                    FloatVector.fromArray(SPECIES, left, l + i).min(FloatVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = Math.min(left[l + i], right[r + i]);
        }
    }

    private static void max(float[] left, int l, float[] right, int r, int count) {
        int i = 0;
        for (int whole = count - count % L; i < whole; i += L) {
            FloatVector joined =
                    FloatVector.fromArray(SPECIES, left, l + i).max(FloatVector.fromArray(SPECIES, right, r + i));
            joined.intoArray(left, l + i);
        }
        for (; i < count; i++) {
            left[l + i] = Math.max(left[l + i], right[r + i]);
        }
    }

    @Override
    public Leaf<float[]> leaf(Step step) {
        return switch (step) {
            case SUM -> F32Leaves::sum;
            case ASUM -> F32Leaves::asum;
            case PRODUCT -> F32Leaves::product;
            case DOT -> F32Leaves::dot;
            case SQUARES -> F32Leaves::squares;
            case MIN -> F32Leaves::min;
            case MAX -> F32Leaves::max;
            case AMAX -> F32Leaves::amax;
            case EXP -> F32Leaves::exp;
        };
    }

    @Override
    public int span() {
        return F32Leaves.SPAN;
    }

    @Override
    public Stream<float[]> stream(Step step) {
        return switch (step) {
            case SUM -> F32Streams::sum;
            case ASUM -> F32Streams::asum;
            case DOT -> F32Streams::dot;
            case MIN -> F32Streams::min;
            case MAX -> F32Streams::max;
            case PRODUCT, SQUARES, AMAX, EXP -> null;
        };
    }

    @Override
    public int lanes() {
        return L;
    }
}
