package dev.gamut.conformance;

import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;

/**
 * One conversion without its numbers.
 *
 * @param rows of each matrix
 * @param cols of each matrix
 * @param x how the source lies in memory
 * @param y how the result lies in memory
 * @param batch matrices
 * @param scalingX scale factors of the source
 * @param scalingY scale factors of the result
 * @param rounding how
 * @param counted whether losses are counted
 * @param threads threads to run on
 */
record ConvertSpec(
        long rows,
        long cols,
        GemmSpec.Lie x,
        GemmSpec.Lie y,
        long batch,
        Scaling scalingX,
        Scaling scalingY,
        Rounding rounding,
        boolean counted,
        int threads) {
    static ConvertSpec plain(long rows, long cols) {
        return new ConvertSpec(
                rows,
                cols,
                GemmSpec.Lie.PLAIN,
                GemmSpec.Lie.PLAIN,
                1,
                Scaling.NONE,
                Scaling.NONE,
                Rounding.NEAREST_EVEN,
                false,
                1);
    }

    ConvertSpec lies(GemmSpec.Lie ofX, GemmSpec.Lie ofY) {
        return new ConvertSpec(rows, cols, ofX, ofY, batch, scalingX, scalingY, rounding, counted, threads);
    }

    ConvertSpec batch(long count) {
        return new ConvertSpec(rows, cols, x, y, count, scalingX, scalingY, rounding, counted, threads);
    }

    ConvertSpec scalings(Scaling ofX, Scaling ofY) {
        return new ConvertSpec(rows, cols, x, y, batch, ofX, ofY, rounding, counted, threads);
    }

    ConvertSpec rounding(Rounding how) {
        return new ConvertSpec(rows, cols, x, y, batch, scalingX, scalingY, how, counted, threads);
    }

    ConvertSpec counted(boolean losses) {
        return new ConvertSpec(rows, cols, x, y, batch, scalingX, scalingY, rounding, losses, threads);
    }

    ConvertSpec threads(int count) {
        return new ConvertSpec(rows, cols, x, y, batch, scalingX, scalingY, rounding, counted, count);
    }

    ConvertDesc desc(DType from, DType to) {
        MatrixDesc source = stride(x.order().desc(from, rows, cols)).scaling(scalingX);
        MatrixDesc result = stride(y.order().desc(to, rows, cols)).scaling(scalingY);
        return new ConvertDesc(source, result, batch, rounding, counted);
    }

    private MatrixDesc stride(MatrixDesc matrix) {
        return batch == 1 ? matrix : matrix.batchStride((matrix.extent(1) + 1) / 2 * 2 + 4);
    }

    @Override
    public String toString() {
        return rows + "x" + cols + " X " + x + " Y " + y + (batch == 1 ? "" : " batch " + batch)
                + (scalingX.hasScales() ? " X " + scalingX : "")
                + (scalingY.hasScales() ? " Y " + scalingY : "")
                + " " + rounding
                + (counted ? " counted" : "")
                + " threads " + threads;
    }
}
