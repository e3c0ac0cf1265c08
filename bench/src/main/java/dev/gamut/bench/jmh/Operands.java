package dev.gamut.bench.jmh;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;

/** Random operands, the same in every fork. */
final class Operands {
    private Operands() {}

    /**
     * A row-major tensor of random numbers in (-1, 1).
     *
     * @param type a floating-point type of whole bytes
     * @param shape sizes
     */
    static Tensor random(DType type, long... shape) {
        Tensor tensor = Tensor.zeros(type, shape);
        SplittableRandom random = new SplittableRandom(42);
        for (long i = 0; i < tensor.layout().size(); i++) {
            type.store(tensor.segment(), i, 2 * random.nextDouble() - 1);
        }
        return tensor;
    }
}
