package dev.gamut.bench.peers.onnxruntime;

/** ONNX Runtime on the CPU; products with scaled integer weights keep F32 activations. */
public final class OnnxRuntimePeer extends Engine {
    /** Called by the service loader. */
    public OnnxRuntimePeer() {
        super("onnxruntime", 1);
    }
}
