package dev.gamut.reduce;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Demand;
import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import java.util.List;
import java.util.Objects;

/**
 * What to reduce: an operation over a whole tensor or along one axis. Immutable, the key of the plan cache, thread-safe.
 *
 * <p>F64 and integers accumulate in their own width (I8, U8 and I4 in I64), other floats in F32 or wider; the result is
 * F64 for F64, F32 for other floats, I64 for integer sums and indices, F64 for real-valued operations on integers,
 * the element's own type for min and max. Elements are visited in row-major order of the logical shape.
 *
 * @param op what to compute
 * @param type element type of x (and y)
 * @param result type of the result
 * @param x sizes and strides of x
 * @param y sizes and strides of y, the same shape; equal to x where the operation has one operand
 * @param axis the axis that disappears, or {@link #ALL}
 * @param accuracy how accurate the result must be
 * @param determinism how reproducible it must be
 */
public record ReduceDesc(
        ReduceOp op, DType type, DType result, Layout x, Layout y, int axis, Accuracy accuracy, Determinism determinism)
        implements Demand {
    /** Reduce the whole tensor to one number. */
    public static final int ALL = -1;

    /** Checks axis, shapes and types. */
    public ReduceDesc {
        Objects.requireNonNull(accuracy, "accuracy");
        Objects.requireNonNull(determinism, "determinism");
        if (axis != ALL && (axis < 0 || axis >= x.rank())) {
            throw new IllegalArgumentException("axis is " + axis + "; allowed are ALL and 0 to " + (x.rank() - 1));
        }
        if (!java.util.Arrays.equals(x.shape(), y.shape())) {
            throw new IllegalArgumentException("y has shape " + y + "; x has " + x);
        }
        if (type.kind() == DType.Kind.SCALE) {
            throw new IllegalArgumentException("type is " + type + "; a scale type is not reduced");
        }
        boolean allowed = op.isIndex() ? result == DType.I64 : result.isFloat() || result == naturalResult(op, type);
        if (!allowed) {
            throw new IllegalArgumentException("result is " + result + "; " + op + " of " + type + " gives "
                    + naturalResult(op, type) + (op.isIndex() ? "" : " or a floating-point type"));
        }
        long terms = axis == ALL ? x.size() : x.size(axis);
        boolean noAnswer = op.needsElements() || op == ReduceOp.MEAN && type.isInteger();
        if (terms == 0 && noAnswer && results(x, axis) > 0) {
            throw new IllegalArgumentException("x is empty along the reduced axis; " + op + " needs an element");
        }
    }

    private static long results(Layout x, int axis) {
        long results = 1;
        for (int a = 0; axis != ALL && a < x.rank(); a++) {
            results *= a == axis ? 1 : x.size(a);
        }
        return results;
    }

    /**
     * A reduction with the result type of the numerics contract and no special demands.
     *
     * @param op what to compute
     * @param type element type
     * @param x sizes and strides, used for y too
     * @param axis an axis, or {@link #ALL}
     * @return the descriptor
     */
    public static ReduceDesc of(ReduceOp op, DType type, Layout x, int axis) {
        return new ReduceDesc(op, type, naturalResult(op, type), x, x, axis, Accuracy.NATIVE, Determinism.ANY);
    }

    private static DType naturalResult(ReduceOp op, DType type) {
        if (op.isIndex()) {
            return DType.I64;
        }
        if (op.isSelection()) {
            return type;
        }
        return op.isReal() && type.isInteger() ? DType.F64 : type.sumAccumulator();
    }

    @Override
    public String operation() {
        return op.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public List<DType> operands() {
        return List.of(type);
    }

    /** Number of terms in one result. */
    @Override
    public long terms() {
        return axis == ALL ? x.size() : x.size(axis);
    }

    /** Number of results. */
    public long results() {
        return results(x, axis);
    }

    /**
     * With a demand on accuracy.
     *
     * @param demand how accurate
     * @return a copy
     */
    public ReduceDesc accuracy(Accuracy demand) {
        return new ReduceDesc(op, type, result, x, y, axis, demand, determinism);
    }

    /**
     * With a demand on reproducibility.
     *
     * @param demand how reproducible
     * @return a copy
     */
    public ReduceDesc determinism(Determinism demand) {
        return new ReduceDesc(op, type, result, x, y, axis, accuracy, demand);
    }

    /**
     * With another layout of y.
     *
     * @param layout of the shape of x
     * @return a copy
     */
    public ReduceDesc y(Layout layout) {
        return new ReduceDesc(op, type, result, x, layout, axis, accuracy, determinism);
    }

    /**
     * With another result type.
     *
     * @param type what results are rounded to
     * @return a copy
     */
    public ReduceDesc result(DType type) {
        return new ReduceDesc(op, this.type, type, x, y, axis, accuracy, determinism);
    }

    @Override
    public String toString() {
        return operation() + " " + type + "→" + result + " " + x + (axis == ALL ? "" : " axis " + axis) + " accuracy "
                + accuracy + " determinism " + determinism;
    }
}
