package dev.gamut.bench.peers.jlama;

/** Jlama's kernels in C for I4 weights with activations that each run rounds to I8, as its models do by default. */
public final class JlamaInt8Peer extends Engine {
    /** Called by the service loader. */
    public JlamaInt8Peer() {
        super("jlama-i8", "jlama.force_simd_tensor_operations", "Native SIMD Operations", 5, true);
    }
}
