package dev.gamut.internal.reference;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/** An exact sum of integers of up to 128 bits, in 192 bits: no order of terms and no number of them below 2^63 overflows. */
final class ExactSum {
    private long top;
    private long high;
    private long low;

    void clear() {
        top = 0;
        high = 0;
        low = 0;
    }

    void add(long term) {
        add(term >> 63, term);
    }

    void addMagnitude(long term) {
        add(0, Math.abs(term)); // |-2^63| is 2^63 as an unsigned lower half
    }

    void addProduct(long x, long y) {
        add(Math.multiplyHigh(x, y), x * y);
    }

    private void add(long termHigh, long termLow) {
        low += termLow;
        long carry = Long.compareUnsigned(low, termLow) < 0 ? 1 : 0;
        high += termHigh;
        long carryHigh = Long.compareUnsigned(high, termHigh) < 0 ? 1 : 0;
        high += carry;
        carryHigh += carry == 1 && high == 0 ? 1 : 0;
        top += (termHigh >> 63) + carryHigh;
    }

    /** Whether the sum is a 64-bit number. */
    boolean fitsLong() {
        long sign = low >> 63;
        return high == sign && top == sign;
    }

    /** The sum, where it fits. */
    long toLong() {
        return low;
    }

    BigInteger toBigInteger() {
        byte[] bytes = new byte[24];
        ByteBuffer.wrap(bytes).putLong(top).putLong(high).putLong(low);
        return new BigInteger(bytes);
    }
}
