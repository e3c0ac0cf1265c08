package dev.gamut.tensor;

/** What can be an operand: a {@link Tensor} itself, or something that owns one, such as a tensor's memory on a device. */
@FunctionalInterface
public interface TensorView {
    /** The numbers: where they lie, their type and layout. */
    Tensor tensor();
}
