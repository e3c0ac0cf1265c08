package dev.gamut.vector.matrix;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/** A matrix of any type without scale factors, rounded to F32 one element at a time: for small or rare operands. */
public final class Loads implements Image<float[]> {
    private final MatrixDesc desc;
    private Operand operand;

    public Loads(MatrixDesc desc) {
        this.desc = desc;
    }

    @Override
    public void bind(Operand bound) {
        operand = bound;
    }

    @Override
    public void release() {
        operand = null;
    }

    @Override
    public void read(
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            float[] dst,
            int d0,
            int ld,
            Workspace workspace) {
        DType type = desc.type();
        MemorySegment segment = operand.segment();
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                dst[d0 + o * ld + i] = (float) type.load(segment, at(e, row, col, byColumns, o, i));
            }
        }
    }

    @Override
    public void write(
            float[] src,
            int s0,
            int ld,
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            Workspace workspace) {
        DType type = desc.type();
        MemorySegment segment = operand.segment();
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                type.store(segment, at(e, row, col, byColumns, o, i), src[s0 + o * ld + i]);
            }
        }
    }

    private long at(long e, long row, long col, boolean byColumns, int o, int i) {
        long r = row + (byColumns ? i : o);
        long c = col + (byColumns ? o : i);
        return operand.offset() + e * desc.batchStride() + r * desc.rowStride() + c * desc.colStride();
    }
}
