package dev.gamut.bench.peers.onnxruntime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What ONNX model computes a problem. */
interface ProductModel {
    /** Name of the left operand. */
    String A = "a";

    /** Name of the right operand. */
    String B = "b";

    /** Whether the right operand stands in the model, and so every set of operands needs a model of its own. */
    boolean constant();

    /** Type of the left operand. */
    Element typeOfA();

    /** Type of the right operand. */
    Element typeOfB();

    /** Type of the result. */
    Element typeOfC();

    /** Sizes of the left operand as the model takes it. */
    long[] shapeOfA();

    /** Sizes of the right operand as the model takes it. */
    long[] shapeOfB();

    /** A copy of a left operand as the model takes it. */
    MemorySegment copyOfA(int set, Arena arena);

    /** A copy of a right operand as the model takes it, where it is not constant. */
    MemorySegment copyOfB(int set, Arena arena);

    /** Sizes of the result. */
    long[] shapeOfC();

    /**
     * Builds the model.
     *
     * @param set whose right operand becomes part of it if it is constant
     */
    Model build(int set);
}
