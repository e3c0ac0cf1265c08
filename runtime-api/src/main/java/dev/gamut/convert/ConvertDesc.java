package dev.gamut.convert;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Demand;
import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Layout;
import java.util.List;
import java.util.Objects;

/**
 * What to convert: every element of a matrix, or of a batch of them, to another type. Immutable, the key of the plan cache,
 * thread-safe. Results are the same bits on every machine.
 *
 * <p>Without scale factors each element is rounded once, straight from its exact value, as {@link dev.gamut.dtype.Convert}
 * does; a type converted to itself is copied. With them:
 *
 * <ul>
 *   <li>a scaled x stands for the F32 numbers nearest to scale · (code − zero point), which are then converted;
 *   <li>a scaled y gets the codes of round(F32(x · r)) + zero point, where r is the F32 number nearest to 1 / scale, or 0
 *       where the scale is 0, and x was rounded to F32 before. A finite x becomes the nearest finite code, in types with infinities,
 *       too; an infinite one stays infinite there. |code − zero point − x / scale| is at most half a unit of the code
 *       and 2^-22·|x / scale|, where that is within the codes.
 * </ul>
 *
 * @param x what is converted
 * @param y the result, of the same shape; no two of its elements share memory
 * @param batch number of matrices, at least 0
 * @param rounding how
 * @param counted whether runs count what could not be kept
 */
public record ConvertDesc(MatrixDesc x, MatrixDesc y, long batch, Rounding rounding, boolean counted)
        implements Demand {
    /** Checks that both have one shape. */
    public ConvertDesc {
        Objects.requireNonNull(rounding, "rounding");
        require(
                x.rows() == y.rows() && x.cols() == y.cols(),
                "y is " + y.rows() + "×" + y.cols() + "; x is " + x.rows() + "×" + x.cols());
        require(batch >= 0, "batch is " + batch + "; it must be at least 0");
        require(x.packed().isEmpty() && y.packed().isEmpty(), "x or y is packed; conversions take plain operands");
        plain("x", x);
        plain("y", y);
        Layout layout = Layout.of(
                new long[] {batch, y.rows(), y.cols()}, new long[] {y.batchStride(), y.rowStride(), y.colStride()});
        require(
                layout.isInjective(),
                "y has strides " + y.rowStride() + ", " + y.colStride() + " and batch stride " + y.batchStride()
                        + "; two of its elements would share memory");
        y.scaling()
                .zeroPointType()
                .ifPresent(type -> require(
                        type.isInteger() && y.type().isInteger(),
                        "y has " + type + " zero points and " + y.type() + " codes; both must be integers"));
    }

    private static void plain(String name, MatrixDesc m) {
        require(m.type().kind() != DType.Kind.SCALE, name + " is " + m.type() + "; a scale type is not converted");
        boolean packedBits = m.type().isSubByte();
        boolean contiguous = m.colStride() == 1 || m.cols() <= 1 || m.rowStride() == 1 || m.rows() <= 1;
        require(!packedBits || contiguous, name + " is " + m.type() + " without contiguous rows or columns");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * A conversion to nearest even, nothing counted.
     *
     * @param x what is converted
     * @param y the result
     * @return the descriptor for one matrix
     */
    public static ConvertDesc of(MatrixDesc x, MatrixDesc y) {
        return new ConvertDesc(x, y, 1, Rounding.NEAREST_EVEN, false);
    }

    /**
     * A batch.
     *
     * @param n matrices
     * @return a copy
     */
    public ConvertDesc batch(long n) {
        return new ConvertDesc(x, y, n, rounding, counted);
    }

    /**
     * With another rounding.
     *
     * @param how it
     * @return a copy
     */
    public ConvertDesc rounding(Rounding how) {
        return new ConvertDesc(x, y, batch, how, counted);
    }

    /**
     * With losses counted.
     *
     * @return a copy
     */
    public ConvertDesc counting() {
        return new ConvertDesc(x, y, batch, rounding, true);
    }

    /** Whether lines of y, or its matrices, share bytes, so that one thread must write them all. */
    public boolean sharesBytes() {
        if (!y.type().isSubByte()) {
            return false;
        }
        int perByte = 8 / y.type().bits();
        boolean rows = y.colStride() == 1 && (y.rows() <= 1 || y.rowStride() % perByte == 0);
        return !rows || batch > 1 && y.batchStride() % perByte != 0;
    }

    /** Elements of all matrices. */
    public double elements() {
        return (double) x.rows() * x.cols() * batch;
    }

    @Override
    public String operation() {
        return "convert";
    }

    @Override
    public List<DType> operands() {
        return List.of(x.type());
    }

    @Override
    public Accuracy accuracy() {
        return Accuracy.NATIVE;
    }

    @Override
    public Determinism determinism() {
        return Determinism.ANY;
    }

    @Override
    public long terms() {
        return 1;
    }
}
