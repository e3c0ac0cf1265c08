package dev.gamut.bench.sve;

import java.util.List;

/** Vectors that an arm64 JVM can be given, or that kernels in C are for, and the cores that have them. */
public enum VectorLength {
    /** Of 128 bits, by the instructions before SVE. */
    NEON(128, List.of(Core.NEOVERSE_V2, Core.NEOVERSE_V1, Core.NEOVERSE_N2)),
    /** Of 128 bits. */
    SVE128(128, List.of(Core.NEOVERSE_V2, Core.NEOVERSE_N2)),
    /** Of 256 bits. */
    SVE256(256, List.of(Core.NEOVERSE_V1)),
    /** Of 512 bits. */
    SVE512(512, List.of(Core.A64FX));

    private final int bits;
    private final List<Core> cores;

    VectorLength(int bits, List<Core> cores) {
        this.bits = bits;
        this.cores = cores;
    }

    /** Bits of a vector. */
    int bits() {
        return bits;
    }

    /** Cores whose vectors are that long; for those of NEON, cores without much wider ones. */
    List<Core> cores() {
        return cores;
    }

    /** Whether they are those of SVE. */
    boolean isSve() {
        return this != NEON;
    }

    /** The processor that QEMU plays. */
    String emulated() {
        return isSve() ? "max,sve" + bits + "=on,sve-default-vector-length=" + bits / 8 : "max,sve=off";
    }

    /** What restricts the JVM of an Arm machine with vectors at least as long. */
    String flag() {
        return isSve() ? "-XX:MaxVectorSize=" + bits / 8 : "-XX:UseSVE=0";
    }
}
