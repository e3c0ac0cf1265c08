package dev.gamut.bench.peers.jlama;

/** Jlama's kernels in C. */
public final class JlamaNativePeer extends Engine {
    /** Called by the service loader. */
    public JlamaNativePeer() {
        super("jlama-native", "jlama.force_simd_tensor_operations", "Native SIMD Operations", 5, false);
    }
}
