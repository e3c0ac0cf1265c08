package dev.gamut.bench.sve;

import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.vector.gemm.GemmTable;

/** What runs in the arm64 JVM: calls each tile until C2 has compiled it, between lines that say which one it is. */
final class TileRun {
    /** Begins a line that names the vector length in bits. */
    static final String BITS = "gamut: bits ";

    /** Begins a line that names the kernel whose code follows. */
    static final String KERNEL = "gamut: kernel ";

    /** Calls of each method: C2 comes after some fifteen, as the JVM is told to wait a hundredth of what it would. */
    private static final int ROUNDS = 60;

    private TileRun() {}

    /**
     * Runs.
     *
     * @param ids kernels
     */
    public static void main(String[] ids) {
        System.out.println(BITS + Capabilities.host().vectorBits());
        for (String id : ids) {
            System.out.println(KERNEL + id);
            GemmTable.exercise(KernelId.parse(id), ROUNDS);
        }
    }
}
