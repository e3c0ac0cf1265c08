package dev.gamut.vector.convert;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F4E2M1;
import static dev.gamut.dtype.DType.F8E4M3;
import static dev.gamut.dtype.DType.F8E5M2;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.dtype.DType.U8;

import dev.gamut.dtype.DType;
import dev.gamut.spi.ConvertKernel;
import java.util.ArrayList;
import java.util.List;

/** Every conversion kernel of this module: all pairs of different types whose elements are F32 numbers. */
public final class ConvertTable {
    private static final List<DType> TYPES = List.of(F32, F16, BF16, F8E4M3, F8E5M2, F4E2M1, I8, U8, I4);
    private static final List<ConvertKernel> KERNELS = table();

    private ConvertTable() {}

    private static List<ConvertKernel> table() {
        List<ConvertKernel> all = new ArrayList<>();
        for (DType from : TYPES) {
            TYPES.stream().filter(to -> to != from).forEach(to -> all.add(new VectorConvert(from, to)));
        }
        return List.copyOf(all);
    }

    /**
     * The kernels in the order of the table.
     *
     * @return the same list each time
     */
    public static List<ConvertKernel> kernels() {
        return KERNELS;
    }
}
