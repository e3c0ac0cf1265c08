package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * The numbers that a GEMM's operand stands for: the elements of any layout, with scale · (code − zero) applied. That product
 * is exact in double for codes of up to 24 bits and integer zero points; where the contract says so it is rounded once to the
 * accumulator.
 */
final class MatrixValues {
    private final MatrixDesc desc;
    private final MemorySegment data;
    private final long offset;
    private final Tensor scales;
    private final Tensor zeros;
    private final DType rounding;

    /**
     * Reads an operand.
     *
     * @param desc sizes and strides
     * @param operand its memory
     * @param rounding what scaled elements are rounded to, or null to leave them exact
     */
    MatrixValues(MatrixDesc desc, Operand operand, DType rounding) {
        this.desc = desc;
        this.data = operand.segment();
        this.offset = operand.offset();
        this.rounding = rounding;
        boolean scaled = desc.scaling().hasScales();
        this.scales = scaled ? operand.tensor().scales() : null;
        this.zeros = scaled ? operand.tensor().zeroPoints() : null;
    }

    /** One number. */
    double at(long batch, long row, long col) {
        long index = index(batch, row, col);
        double code = desc.type().load(data, index);
        if (scales == null) {
            return code;
        }
        double zero = zeros == null ? 0 : Factors.at(zeros, desc, batch, row, col);
        double value = Factors.at(scales, desc, batch, row, col) * (code - zero);
        return rounding == null ? value : rounding.round(value);
    }

    /** One integer, exactly. */
    long integerAt(long batch, long row, long col) {
        return desc.type().loadLong(data, index(batch, row, col));
    }

    private long index(long batch, long row, long col) {
        return offset + batch * desc.batchStride() + row * desc.rowStride() + col * desc.colStride();
    }

    /** Row {@code row} into an array of at least cols elements. */
    void row(long batch, long row, double[] into) {
        for (int p = 0; p < desc.cols(); p++) {
            into[p] = at(batch, row, p);
        }
    }

    /** Column {@code col} into an array of at least rows elements. */
    void column(long batch, long col, double[] into) {
        for (int p = 0; p < desc.rows(); p++) {
            into[p] = at(batch, p, col);
        }
    }
}
