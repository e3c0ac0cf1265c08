package dev.gamut.bench.sve;

/**
 * A core that llvm-mca knows, and the pipes on which it executes fused multiply-adds of whole vectors: Arm's software
 * optimization guides of Neoverse V1 (two of 256 bits for SVE), V2 (four of 128) and N2 (two of 128), Fujitsu's A64FX
 * microarchitecture manual (two of 512).
 */
enum Core {
    NEOVERSE_V1("Neoverse V1", "neoverse-v1", 2),
    NEOVERSE_V2("Neoverse V2", "neoverse-v2", 4),
    NEOVERSE_N2("Neoverse N2", "neoverse-n2", 2),
    A64FX("A64FX", "a64fx", 2);

    private final String title;
    private final String cpu;
    private final int pipes;

    Core(String title, String cpu, int pipes) {
        this.title = title;
        this.cpu = cpu;
        this.pipes = pipes;
    }

    /** Its name for people. */
    String title() {
        return title;
    }

    /** Its name for LLVM's {@code -mcpu}. */
    String cpu() {
        return cpu;
    }

    /** Vector multiply-adds that it can begin in a cycle. */
    int pipes() {
        return pipes;
    }
}
