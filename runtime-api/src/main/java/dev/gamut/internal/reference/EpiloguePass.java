package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import java.lang.foreign.MemorySegment;

/**
 * The shared second pass for kernels that do not fuse an epilogue: takes sums of products in the accumulator's type,
 * finishes them as {@link ResultWriter} does, and stores C. Its bits are those of the reference's own epilogue.
 *
 * <p>Serves one run at a time.
 */
public final class EpiloguePass {
    private final GemmDesc desc;
    private final ResultWriter result;

    /**
     * A pass for one operation.
     *
     * @param desc the whole operation, its epilogue included
     */
    public EpiloguePass(GemmDesc desc) {
        this.desc = desc;
        this.result = new ResultWriter(desc);
    }

    /**
     * Applies the epilogue to a C that already holds alpha·A·B + beta·C.
     *
     * @param args C and the data of the epilogue
     */
    public void run(GemmArgs args) {
        result.bind(args, true, 1, 0);
        finish(desc.c(), args.c().segment(), args.c().offset());
    }

    /**
     * Applies alpha, beta and the epilogue to A·B.
     *
     * @param args alpha, beta, C and the data of the epilogue
     * @param source type and strides of the products, the shape of C: the accumulator's type, or I64 where sums of
     *     integers need it
     * @param products A·B; not read where alpha or k is 0
     * @param offset index of the first product
     */
    public void run(GemmArgs args, MatrixDesc source, MemorySegment products, long offset) {
        result.bind(args, args.alpha() != 0 && desc.k() > 0);
        finish(source, products, offset);
    }

    private void finish(MatrixDesc source, MemorySegment values, long offset) {
        try {
            for (long batch = 0; batch < desc.batch(); batch++) {
                result.select(batch);
                for (long row = 0; row < desc.m(); row++) {
                    finishRow(source, values, offset + batch * source.batchStride() + row * source.rowStride(), row);
                }
            }
        } finally {
            result.release();
        }
    }

    private void finishRow(MatrixDesc source, MemorySegment values, long start, long row) {
        boolean integers = source.type().isInteger();
        for (long col = 0; col < desc.n(); col++) {
            long at = start + col * source.colStride();
            if (integers) {
                result.putExact(row, col, source.type().loadLong(values, at));
            } else {
                result.put(row, col, source.type().load(values, at));
            }
        }
    }
}
