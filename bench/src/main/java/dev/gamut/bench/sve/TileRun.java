package dev.gamut.bench.sve;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.vector.gemm.GemmTable;
import java.lang.management.ManagementFactory;

/** What runs in the arm64 JVM: calls each tile until C2 has compiled it, between lines that say which one it is. */
final class TileRun {
    /** Begins the line that says what the JVM's vectors are. */
    static final String VECTORS = "gamut: vectors ";

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
        System.out.println(VECTORS + vectors(hasSve(), Capabilities.host().vectorBits()));
        for (String id : ids) {
            System.out.println(KERNEL + id);
            GemmTable.exercise(KernelId.parse(id), ROUNDS);
        }
    }

    /** How the line ends for a JVM that uses SVE, or does not. */
    static String vectors(boolean sve, int bits) {
        return (sve ? "SVE " : "NEON ") + bits;
    }

    /** The JVM is asked, as it may have been told to do without. */
    private static boolean hasSve() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return !jvm.getVMOption("UseSVE").getValue().equals("0");
    }
}
