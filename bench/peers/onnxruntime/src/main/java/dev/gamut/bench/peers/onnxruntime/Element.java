package dev.gamut.bench.peers.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.dtype.DType;

/** Types of elements by all their names. */
enum Element {
    F64(DType.F64, OnnxJavaType.DOUBLE, 11),
    F32(DType.F32, OnnxJavaType.FLOAT, 1),
    I32(DType.I32, OnnxJavaType.INT32, 6),
    I8(DType.I8, OnnxJavaType.INT8, 3),
    U8(DType.U8, OnnxJavaType.UINT8, 2);

    private final DType type;

    /** What ONNX Runtime's Java interface calls it. */
    final OnnxJavaType java;

    /** TensorProto.DataType of onnx.proto. */
    final int onnx;

    Element(DType type, OnnxJavaType java, int onnx) {
        this.type = type;
        this.java = java;
        this.onnx = onnx;
    }

    /**
     * Finds a type.
     *
     * @param type Gamut's
     * @throws Unavailable if it is none of these
     */
    static Element of(DType type) throws Unavailable {
        for (Element element : values()) {
            if (element.type == type) {
                return element;
            }
        }
        throw new Unavailable("multiplies F64, F32 and integers of 8 bits only");
    }
}
