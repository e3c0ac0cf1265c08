package dev.gamut.bench.peers.onnxruntime;

/** ONNX Runtime on the CPU; each run of a product with scaled integer weights rounds its activations to I8. */
public final class OnnxRuntimeInt8Peer extends Engine {
    /** Called by the service loader. */
    public OnnxRuntimeInt8Peer() {
        super("onnxruntime-int8", 4);
    }
}
