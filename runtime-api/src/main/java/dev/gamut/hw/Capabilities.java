package dev.gamut.hw;

import java.util.EnumSet;
import java.util.Set;

/**
 * What the dispatcher may know about a machine. Immutable and injectable: kernel selection for an SVE or AMX machine can
 * be asked for and tested on any host.
 *
 * @param arch {@code x86_64}, {@code aarch64}, or the value of {@code os.arch}
 * @param cpu the processor's name, for people and for tuning tables
 * @param features what the CPU offers and the operating system allows
 * @param vectorBits width of the JVM's preferred vector shape; 0 where the module jdk.incubator.vector is not resolved
 * @param cores processors available to this JVM
 * @param caches data cache sizes
 * @param jdk feature version of the JDK, whose JIT compiler decides what becomes of a kernel
 */
public record Capabilities(
        String arch, String cpu, Set<Feature> features, int vectorBits, int cores, CacheTopology caches, int jdk) {
    /** Checks the numbers and takes an immutable copy of the features. */
    public Capabilities {
        if (vectorBits < 0 || Integer.bitCount(vectorBits) > 1) {
            throw new IllegalArgumentException("vectorBits is " + vectorBits + "; it must be 0 or a power of two");
        }
        if (cores < 1) {
            throw new IllegalArgumentException("cores is " + cores + "; it must be at least 1");
        }
        EnumSet<Feature> copy = EnumSet.noneOf(Feature.class);
        copy.addAll(features);
        features = java.util.Collections.unmodifiableSet(copy);
    }

    /**
     * A machine with this JVM's version.
     *
     * @param arch instruction set
     * @param cpu the processor's name
     * @param features what is usable
     * @param vectorBits width of the preferred vector shape
     * @param cores processors
     * @param caches data cache sizes
     */
    public Capabilities(
            String arch, String cpu, Set<Feature> features, int vectorBits, int cores, CacheTopology caches) {
        this(arch, cpu, features, vectorBits, cores, caches, Runtime.version().feature());
    }

    /**
     * This machine, as this JVM may use it. Discovered once per process.
     *
     * @return the capabilities of the host
     */
    public static Capabilities host() {
        return HostDetection.HOST;
    }

    /**
     * Whether the machine has a feature.
     *
     * @param feature the feature asked for
     * @return true where it is usable
     */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /**
     * How many elements a preferred vector holds.
     *
     * @param bits width of one element
     * @return lanes, 0 without the Vector API
     */
    public int lanes(int bits) {
        return vectorBits / bits;
    }

    /**
     * The same machine with another preferred vector width.
     *
     * @param bits 0 or a power of two
     * @return a copy
     */
    public Capabilities withVectorBits(int bits) {
        return new Capabilities(arch, cpu, features, bits, cores, caches, jdk);
    }

    /**
     * The same machine with another number of cores.
     *
     * @param n at least 1
     * @return a copy
     */
    public Capabilities withCores(int n) {
        return new Capabilities(arch, cpu, features, vectorBits, n, caches, jdk);
    }

    /**
     * The same machine with another JDK.
     *
     * @param feature its feature version, such as 25
     * @return a copy
     */
    public Capabilities withJdk(int feature) {
        return new Capabilities(arch, cpu, features, vectorBits, cores, caches, feature);
    }
}
