package dev.gamut.bench.jmh;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;

/** Random operands, the same in every fork. */
final class Operands {
    private Operands() {}

    /**
     * A vector of random numbers in (-1, 1).
     *
     * @param type a floating-point type
     * @param size elements
     */
    static Tensor random(DType type, long size) {
        Tensor tensor = Tensor.zeros(type, size);
        SplittableRandom random = new SplittableRandom(42);
        for (long i = 0; i < size; i++) {
            type.store(tensor.segment(), i, 2 * random.nextDouble() - 1);
        }
        return tensor;
    }
}
