package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** Numbers that suit an operation: products stay near 1, exact ones within 64 bits. */
final class ReduceNumbers {
    /** Factors of 2 in an exact product: well within 64 bits. */
    private static final int TWOS = 40;

    private final ReduceOp op;
    private final DType type;
    private final SplittableRandom random;

    ReduceNumbers(ReduceOp op, DType type, long seed) {
        this.op = op;
        this.type = type;
        this.random = new SplittableRandom(seed);
    }

    /** Small integers; of a product's factors few are not ±1. */
    IntToDoubleFunction exact() {
        return e -> op == ReduceOp.PRODUCT ? unit(e) : Data.EXACT.next(type, random);
    }

    private double unit(int e) {
        double sign = type.lowest() == 0 || random.nextBoolean() ? 1 : -1;
        return e % 700 == 3 && e < 700 * TWOS ? 2 : sign;
    }

    /** Random numbers; of integers, all codes. */
    IntToDoubleFunction random() {
        if (op == ReduceOp.PRODUCT) {
            return type.isInteger() ? exact() : e -> (random.nextBoolean() ? 1 : -1) * random.nextDouble(0.96, 1.04);
        }
        return e -> Data.RANDOM.next(type, random);
    }

    /** Of a kind, whatever the operation. */
    IntToDoubleFunction of(Data data) {
        return e -> data.next(type, random);
    }

    /** Near the largest number, so that squares and exponentials overflow but results do not. */
    IntToDoubleFunction nearLimit(int n) {
        double most = type.maxFinite() / Math.max(1, n);
        return e -> type.isInteger() ? Data.RANDOM.next(type, random) : random.nextDouble(-most, most);
    }

    /** Numbers whose squares are some of them below the normal range of the accumulator, where they lose digits, and some above. */
    IntToDoubleFunction tinySquares() {
        int middle = Math.getExponent(type.sumAccumulator().minNormal()) / 2;
        return e -> Math.scalb(random.nextDouble(0.5, 1), middle + random.nextInt(-8, 2));
    }

    /** Few different values, zeros of both signs among them, so that extremes occur more than once. */
    IntToDoubleFunction ties() {
        double[] values = type.lowest() == 0 ? new double[] {0, 1, 2} : new double[] {-2, -0.0, 0.0, 2, 1};
        return e -> values[random.nextInt(values.length)];
    }

    /** Random numbers with another one at given places. */
    IntToDoubleFunction with(double value, int... places) {
        IntToDoubleFunction others = random();
        return e -> {
            double number = others.applyAsDouble(e);
            for (int place : places) {
                number = e == place ? value : number;
            }
            return number;
        };
    }
}
