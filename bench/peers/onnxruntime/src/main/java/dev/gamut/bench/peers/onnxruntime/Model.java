package dev.gamut.bench.peers.onnxruntime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;

/** An ONNX model of a few nodes; field numbers are those of onnx.proto. Its result is called {@value #RESULT}. */
final class Model {
    /** Name of the one output. */
    static final String RESULT = "c";

    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 17;
    private static final String MICROSOFT = "com.microsoft";

    private final Message graph = new Message().text(2, "product");

    /**
     * Adds an operand that each run is given.
     *
     * @param name of the tensor
     * @param type of its elements
     * @param shape its sizes
     */
    Model input(String name, Element type, long... shape) {
        graph.message(11, value(name, type, shape));
        return this;
    }

    /**
     * Declares the result.
     *
     * @param type of its elements
     * @param shape its sizes
     */
    Model output(Element type, long... shape) {
        graph.message(12, value(RESULT, type, shape));
        return this;
    }

    private static Message value(String name, Element type, long... shape) {
        Message sizes = new Message();
        for (long size : shape) {
            sizes.message(1, new Message().integer(1, size));
        }
        Message tensor = new Message().integer(1, type.onnx).message(2, sizes);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /**
     * Adds a constant operand.
     *
     * @param name of the tensor
     * @param type of its elements
     * @param values row-major
     * @param shape its sizes
     */
    Model constant(String name, Element type, MemorySegment values, long... shape) {
        Message tensor = new Message();
        for (long size : shape) {
            tensor.integer(1, size);
        }
        tensor.integer(2, type.onnx).text(8, name).bytes(9, values);
        graph.message(5, tensor);
        return this;
    }

    /**
     * Adds an operator of the ONNX standard.
     *
     * @param operator its name
     * @param output the tensor that it computes
     * @param attributes integers by name
     * @param inputs the tensors that it takes
     */
    Model standard(String operator, String output, Map<String, Integer> attributes, String... inputs) {
        return node("", operator, output, attributes, inputs);
    }

    /**
     * Adds an operator of ONNX Runtime's own.
     *
     * @param operator its name
     * @param output the tensor that it computes
     * @param attributes integers by name
     * @param inputs the tensors that it takes
     */
    Model contributed(String operator, String output, Map<String, Integer> attributes, String... inputs) {
        return node(MICROSOFT, operator, output, attributes, inputs);
    }

    private Model node(
            String domain, String operator, String output, Map<String, Integer> attributes, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        node.text(2, output).text(3, output).text(4, operator).text(7, domain);
        attributes.forEach((name, value) ->
                node.message(5, new Message().text(1, name).integer(3, value).integer(20, 2)));
        graph.message(1, node);
        return this;
    }

    /**
     * The model as a file would hold it.
     *
     * @param arena whose life it shares
     * @return a direct buffer
     */
    ByteBuffer serialise(Arena arena) {
        return new Message()
                .integer(1, IR_VERSION)
                .message(8, new Message().text(1, "").integer(2, OPERATOR_SET))
                .message(8, new Message().text(1, MICROSOFT).integer(2, 1))
                .message(7, graph)
                .assemble(arena);
    }
}
