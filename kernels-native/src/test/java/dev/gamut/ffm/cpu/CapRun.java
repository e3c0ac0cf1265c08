package dev.gamut.ffm.cpu;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.kernel.KernelId;
import java.util.List;
import java.util.stream.Stream;

/** A process under a cap: a line {@code chosen} for a product of each kind, then a {@link GuardedRun} of all kernels in C. */
final class CapRun {
    private static final int N = 512;

    private CapRun() {}

    static void main() {
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(1))) {
            products(HostLibrary.get().library())
                    .forEach(desc -> IO.println(choice(desc, gamut.plan(desc).kernel())));
        }
        GuardedRun.main("rules", "native", "*");
    }

    /** One product of each kind that a library has kernels for, those of other machines included. */
    static Stream<GemmDesc> products(CpuLibrary library) {
        return library.kernels().stream()
                .map(CpuLibrary.Entry::id)
                .filter(id -> id.toString().startsWith("gemm_"))
                .map(CapRun::product)
                .distinct();
    }

    /** B is stored with k contiguous, as weights are; codes are what sums are requantised to. */
    private static GemmDesc product(KernelId id) {
        List<DType> types = id.types();
        Scaling ofWeights =
                id.group().isPresent() ? Scaling.perBlock(1, id.group().getAsInt(), DType.F32) : Scaling.NONE;
        List<Epilogue.Op> epilogue =
                types.get(3).bits() == Byte.SIZE ? List.of(new Epilogue.Requantise(true, 0)) : List.of();
        return GemmDesc.of(
                MatrixDesc.rowMajor(types.get(0), N, N),
                MatrixDesc.rowMajor(types.get(1), N, N).scaling(ofWeights).transpose(),
                MatrixDesc.rowMajor(types.get(3), N, N),
                epilogue);
    }

    static String choice(GemmDesc desc, KernelId kernel) {
        return "chosen " + kernel + " for " + desc;
    }
}
