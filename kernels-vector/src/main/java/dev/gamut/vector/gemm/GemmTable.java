package dev.gamut.vector.gemm;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F4E2M1;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.F8E4M3;
import static dev.gamut.dtype.DType.F8E5M2;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I64;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.dtype.DType.U8;

import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.GemmKernel;
import dev.gamut.vector.matrix.F32Elements;
import dev.gamut.vector.matrix.F64Elements;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Every GEMM kernel of this module: a new tile is its class and one line here, a new combination of types a line. */
public final class GemmTable {
    private static final List<DType> F8 = List.of(F8E4M3, F8E5M2);

    /** Every a with every b, and with every result. */
    private record Family(Method method, List<DType> a, List<DType> b, DType acc, List<DType> c) {
        List<List<DType>> types() {
            List<List<DType>> types = new ArrayList<>();
            for (DType left : a) {
                for (DType right : b) {
                    c.forEach(to -> types.add(List.of(left, right, acc, to)));
                }
            }
            return types;
        }
    }

    /** A register tile of F32. */
    private record FloatTile(String name, Supplier<Tile<float[]>> tile) {}

    private static final List<Family> IN_F32 = List.of(
            new Family(Method.FMA, List.of(F32), List.of(F32), F32, List.of(F32)),
            new Family(Method.FMA, List.of(F16), List.of(F16), F32, List.of(F32, F16)),
            new Family(Method.FMA, List.of(BF16), List.of(BF16), F32, List.of(F32, BF16)),
            new Family(Method.FMA, F8, F8, F32, List.of(F32, BF16)),
            new Family(Method.FMA, List.of(F4E2M1), List.of(F4E2M1), F32, List.of(F32, BF16)),
            new Family(Method.EXACT, List.of(I8, U8), List.of(I8), I32, List.of(I32, I64, F32, I8, U8)),
            new Family(Method.FMA, List.of(F32), List.of(I8, I4), F32, List.of(F32)),
            new Family(Method.FMA, List.of(BF16), List.of(I8, I4), F32, List.of(F32, BF16)),
            new Family(Method.RUNS, List.of(I8), List.of(I8, I4), F32, List.of(F32, BF16)));

    private static final List<FloatTile> F32_TILES = List.of(
            new FloatTile("12x2v", () -> new F32Tile12x2()),
            new FloatTile("4x5v", () -> new F32Tile4x5()),
            new FloatTile("5x4v", () -> new F32Tile5x4()),
            new FloatTile("5x2v", () -> new F32Tile5x2()));

    private static final List<GemmKernel> KERNELS = table();

    private GemmTable() {}

    private static List<GemmKernel> table() {
        List<GemmKernel> all = new ArrayList<>(List.of(
                new PackedGemm<>(F64, "12x2v", () -> new F64Elements(), () -> new F64Tile12x2()),
                new PackedGemm<>(F64, "4x5v", () -> new F64Elements(), () -> new F64Tile4x5()),
                new PackedGemm<>(F64, "5x4v", () -> new F64Elements(), () -> new F64Tile5x4()),
                new PackedGemm<>(F64, "5x2v", () -> new F64Elements(), () -> new F64Tile5x2()),
                new SmallGemm<>(F64, () -> new F64Elements(), () -> new F64Small()),
                new GemvGemm<>(F64, () -> new F64Elements(), () -> new F64Gemv()),
                new SmallGemm<>(F32, () -> new F32Elements(), () -> new F32Small()),
                new GemvGemm<>(F32, () -> new F32Elements(), () -> new F32Gemv())));
        for (Family family : IN_F32) {
            for (List<DType> types : family.types()) {
                for (FloatTile t : F32_TILES) {
                    all.add(new PackedF32Gemm(family.method(), types, t.name(), () -> new F32Elements(), t.tile()));
                }
            }
        }
        for (DType weights : List.of(I8, I4)) {
            all.add(new SkinnyGemm(List.of(F32, weights, F32, F32), () -> new F32Elements()));
            all.add(new SkinnyGemm(List.of(BF16, weights, F32, F32), () -> new F32Elements()));
            all.add(new SkinnyGemm(List.of(BF16, weights, F32, BF16), () -> new F32Elements()));
        }
        return List.copyOf(all);
    }

    /**
     * Runs the loops of a register tile on small panels of zeros, so that the JIT compiles them and its code can be looked at.
     *
     * @param kernel a packed kernel of this table
     * @param rounds calls of each loop
     * @throws IllegalArgumentException where this table has no such kernel
     */
    public static void exercise(KernelId kernel, int rounds) {
        for (GemmKernel entry : KERNELS) {
            if (entry instanceof PackedGemm<?> packed && packed.id().equals(kernel)) {
                packed.exercise(rounds);
                return;
            }
        }
        throw new IllegalArgumentException("kernel is " + kernel + "; a packed product of this module is needed");
    }

    /**
     * The kernels in the order of the table.
     *
     * @return the same list each time
     */
    public static List<GemmKernel> kernels() {
        return KERNELS;
    }
}
