package dev.gamut.vector.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.spi.GemmKernel;
import java.util.List;

/** Every GEMM kernel of this module: a new tile is its class and one line here. */
public final class GemmTable {
    private static final List<GemmKernel> KERNELS = List.of(
            new PackedGemm<>(DType.F64, "12x2v", () -> new F64Elements(), () -> new F64Tile12x2()),
            new PackedGemm<>(DType.F64, "5x4v", () -> new F64Elements(), () -> new F64Tile5x4()),
            new PackedGemm<>(DType.F64, "5x2v", () -> new F64Elements(), () -> new F64Tile5x2()),
            new SmallGemm<>(DType.F64, () -> new F64Elements(), () -> new F64Small()),
            new GemvGemm<>(DType.F64, () -> new F64Elements(), () -> new F64Gemv()),
            new PackedGemm<>(DType.F32, "12x2v", () -> new F32Elements(), () -> new F32Tile12x2()),
            new PackedGemm<>(DType.F32, "5x4v", () -> new F32Elements(), () -> new F32Tile5x4()),
            new PackedGemm<>(DType.F32, "5x2v", () -> new F32Elements(), () -> new F32Tile5x2()),
            new SmallGemm<>(DType.F32, () -> new F32Elements(), () -> new F32Small()),
            new GemvGemm<>(DType.F32, () -> new F32Elements(), () -> new F32Gemv()));

    private GemmTable() {}

    /**
     * The kernels in the order of the table.
     *
     * @return the same list each time
     */
    public static List<GemmKernel> kernels() {
        return KERNELS;
    }
}
