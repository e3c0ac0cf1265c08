package dev.gamut.bench.sve;

import dev.gamut.hw.Feature;
import java.util.EnumSet;
import java.util.Set;

/**
 * A core that llvm-mca knows, and the pipes on which it executes multiply-adds of whole vectors, be they of floating-point numbers, dot
 * products (SDOT) or products of blocks (SMMLA, BFMMLA): Arm's software optimization guides of Neoverse V1 (four of 128 bits, two of 256
 * for SVE), V2 (four of 128) and N2 (two of 128), Fujitsu's A64FX microarchitecture manual (two of 512, which the vectors of 128 bits
 * use too). LLVM's models of these cores begin as many in a cycle.
 */
enum Core {
    NEOVERSE_V1("Neoverse V1", "neoverse-v1", 4, 2, Feature.DOTPROD, Feature.I8MM, Feature.BF16),
    NEOVERSE_V2("Neoverse V2", "neoverse-v2", 4, 4, Feature.DOTPROD, Feature.I8MM, Feature.BF16, Feature.SVE2),
    NEOVERSE_N2("Neoverse N2", "neoverse-n2", 2, 2, Feature.DOTPROD, Feature.I8MM, Feature.BF16, Feature.SVE2),
    A64FX("A64FX", "a64fx", 2, 2);

    private final String title;
    private final String cpu;
    private final int neonPipes;
    private final int svePipes;
    private final Set<Feature> features = EnumSet.of(Feature.FMA, Feature.NEON, Feature.SVE);

    Core(String title, String cpu, int neonPipes, int svePipes, Feature... more) {
        this.title = title;
        this.cpu = cpu;
        this.neonPipes = neonPipes;
        this.svePipes = svePipes;
        this.features.addAll(Set.of(more));
    }

    /** Its name for people. */
    String title() {
        return title;
    }

    /** Its name for LLVM's {@code -mcpu}. */
    String cpu() {
        return cpu;
    }

    /** Multiply-adds that it can begin in a cycle, on vectors of NEON or of SVE. */
    int pipes(VectorLength length) {
        return length.isSve() ? svePipes : neonPipes;
    }

    /** Whether it has all of these. */
    boolean has(Set<Feature> wanted) {
        return features.containsAll(wanted);
    }
}
