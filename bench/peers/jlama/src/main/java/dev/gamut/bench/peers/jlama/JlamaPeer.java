package dev.gamut.bench.peers.jlama;

/** Jlama's kernels in Java, on the incubating Vector API. */
public final class JlamaPeer extends Engine {
    /** Called by the service loader. */
    public JlamaPeer() {
        super("jlama", "jlama.force_panama_tensor_operations", "Panama Vector Operations", 4, false);
    }

    /** Until C2 has reached its loops they take a thousand times as long. */
    @Override
    public double warmUp() {
        return 8;
    }
}
