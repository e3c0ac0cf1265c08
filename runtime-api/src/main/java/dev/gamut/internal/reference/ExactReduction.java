package dev.gamut.internal.reference;

import dev.gamut.error.GamutException;
import dev.gamut.reduce.ReduceDesc;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * Exact sums, dot products and products of integers. An integer result beyond 64 bits is refused with {@link
 * GamutException}, whatever the order of terms; results already stored stay then. A floating-point result is the exact
 * one rounded once (beyond 64 bits by way of F64).
 */
final class ExactReduction extends Reduction {
    /** A magnitude of more bits is beyond every type: further factors need not be multiplied. */
    private static final int BEYOND_ALL = 1100;

    private final ExactSum sum = new ExactSum();
    private final long[] block = new long[Tree64.BLOCK];
    private final long[] other;

    ExactReduction(ReduceDesc desc) {
        super(desc);
        this.other = desc.op().isBinary() ? new long[Tree64.BLOCK] : null;
    }

    @Override
    void reduce(long result, MemorySegment out, long at) {
        switch (desc.op()) {
            case SUM -> sum();
            case ASUM -> absoluteSum();
            case DOT -> dot();
            case PRODUCT -> {
                store(product(result), result, out, at);
                return;
            }
            default -> throw new IllegalStateException(desc.op() + " is not an exact sum");
        }
        if (sum.fitsLong()) {
            desc.result().storeLong(out, at, sum.toLong());
        } else {
            store(sum.toBigInteger(), result, out, at);
        }
    }

    private void store(BigInteger value, long result, MemorySegment out, long at) {
        if (value.bitLength() < Long.SIZE) {
            desc.result().storeLong(out, at, value.longValue());
        } else if (desc.result().isFloat()) {
            desc.result().store(out, at, value.doubleValue());
        } else {
            throw new GamutException("result " + result + " of " + desc + " has " + value.bitLength() + " bits; "
                    + desc.result() + " cannot hold it, ask for a floating-point result");
        }
    }

    private void sum() {
        sum.clear();
        for (int n = x.longs(block); n > 0; n = x.longs(block)) {
            for (int i = 0; i < n; i++) {
                sum.add(block[i]);
            }
        }
    }

    private void absoluteSum() {
        sum.clear();
        for (int n = x.longs(block); n > 0; n = x.longs(block)) {
            for (int i = 0; i < n; i++) {
                sum.addMagnitude(block[i]);
            }
        }
    }

    private void dot() {
        sum.clear();
        for (int n = x.longs(block); n > 0; n = x.longs(block)) {
            y.longs(other);
            for (int i = 0; i < n; i++) {
                sum.addProduct(block[i], other[i]);
            }
        }
    }

    private BigInteger product(long result) {
        boolean negative = false;
        for (int n = x.longs(block); n > 0; n = x.longs(block)) {
            for (int i = 0; i < n; i++) {
                if (block[i] == 0) {
                    return BigInteger.ZERO;
                }
                negative ^= block[i] < 0;
            }
        }
        x.start(result);
        BigInteger magnitude = BigInteger.ONE;
        for (int n = x.longs(block); n > 0 && magnitude.bitLength() <= BEYOND_ALL; n = x.longs(block)) {
            magnitude = multiply(magnitude, n);
        }
        return negative ? magnitude.negate() : magnitude;
    }

    private BigInteger multiply(BigInteger magnitude, int n) {
        BigInteger value = magnitude;
        for (int i = 0; i < n && value.bitLength() <= BEYOND_ALL; i++) {
            if (block[i] != 1 && block[i] != -1) {
                value = value.multiply(BigInteger.valueOf(block[i]).abs());
            }
        }
        return value;
    }
}
