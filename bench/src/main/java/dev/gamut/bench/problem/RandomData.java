package dev.gamut.bench.problem;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Fills operands with random numbers: never zeros, which some machines multiply faster. Not thread-safe. */
public final class RandomData {
    /** Prime, so that the repetition of the numbers never falls in step with the rows of a matrix. */
    private static final int DISTINCT = 999_983;

    private final SplittableRandom random;

    public RandomData(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Fills every element: floats uniform in (-1, 1), in (-6, 6) for F4; integers over their whole range, up to a
     * million for the wide ones.
     *
     * @param tensor dense in its array from the first element on
     */
    public void fill(Tensor tensor) {
        DType type = tensor.dtype();
        MemorySegment bytes = tensor.segment();
        if (type.isInteger() && type.bits() <= 8) {
            byte[] noise = new byte[(int) Math.min(DISTINCT, bytes.byteSize())];
            random.nextBytes(noise);
            repeat(bytes, MemorySegment.ofArray(noise));
            return;
        }
        long elements = Math.min(DISTINCT, bytes.byteSize() * 8 / type.bits());
        double scale = type.isInteger() ? Math.min(type.maxFinite(), 1e6) : type.bits() < 8 ? type.maxFinite() : 1;
        for (long i = 0; i < elements; i++) {
            type.store(bytes, i, (2 * random.nextDouble() - 1) * scale);
        }
        repeat(bytes, bytes.asSlice(0, type.bytes(elements)));
    }

    /**
     * Fills with floats from 0.99 to 1.01, so that products of many stay in range.
     *
     * @param tensor of a floating-point type, dense in its array from the first element on
     */
    public void fillNearOne(Tensor tensor) {
        for (long i = 0; i < tensor.layout().size(); i++) {
            tensor.dtype().store(tensor.segment(), i, 1 + 0.01 * (2 * random.nextDouble() - 1));
        }
    }

    /**
     * Fills scale factors: powers of two from 1/4 to 4, or numbers from 0.01 to 0.02.
     *
     * @param scales of a type for scales
     */
    public void fillScales(Tensor scales) {
        DType type = scales.dtype();
        boolean powers = !type.isFloat();
        long elements = scales.layout().size();
        for (long i = 0; i < elements; i++) {
            type.store(
                    scales.segment(),
                    i,
                    powers ? Math.scalb(1.0, random.nextInt(-2, 3)) : 0.01 * (1 + random.nextDouble()));
        }
    }

    private static void repeat(MemorySegment target, MemorySegment pattern) {
        long size = pattern.byteSize();
        for (long at = 0; at < target.byteSize(); at += size) {
            MemorySegment.copy(pattern, 0, target, at, Math.min(size, target.byteSize() - at));
        }
    }
}
