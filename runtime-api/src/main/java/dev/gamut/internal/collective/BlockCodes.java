package dev.gamut.internal.collective;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Int4;
import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Quantise;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs of floats as messages of codes: block after block its factor, then its codes from a whole byte on. A block with an infinity or
 * a NaN has a NaN for its factor, and so is NaN where it arrives. One thread at a time.
 *
 * <p>Loops are apart where C2 (JDK 25) vectorises them one by one and not together: on an AMD Zen 4 one that scales, rounds, clamps and
 * narrows took 1.4 ns a number, scaling and clamping 0.15 and rounding and narrowing 0.08.
 */
final class BlockCodes {
    /** Numbers that one factor may cover. */
    static final int LONGEST = 1 << 20;

    /** A float that has this added is rounded to a whole number, to nearest even, below 2^22. */
    private static final float WHOLE = 0x1.8p23f;

    private static final int INFINITE = 0x7F800000;

    private static final Map<DType, byte[]> CODES = new ConcurrentHashMap<>();

    private final DType type;
    private final DType factorType;
    private final int block;
    private final float limit;
    private final byte[] codeOf;
    private final float[] valueOf;
    private final float[] scaled;
    private final int[] bits;
    private final byte[] codes;
    private final byte[] packed;

    /**
     * Prepares.
     *
     * @param how codes and their factors, as {@link QuantisedTransport#check} admits them
     * @param block numbers that share a factor
     */
    BlockCodes(Quantise how, int block) {
        this.type = how.type();
        this.factorType = how.scaleType();
        this.block = block;
        this.limit = (float) type.maxFinite();
        this.codeOf = type.isInteger() ? null : CODES.computeIfAbsent(type, BlockCodes::codesOf);
        this.valueOf = type.isInteger() ? null : valuesOf(type);
        this.scaled = new float[block];
        this.bits = new int[block];
        this.codes = new byte[block + 1];
        this.packed = new byte[block];
    }

    /**
     * Numbers that share a factor.
     *
     * @param most numbers of the longest run
     */
    static int block(Quantise how, long most) {
        int asked = how.granularity() == Scaling.Granularity.PER_BLOCK ? how.block() : LONGEST;
        return (int) Math.max(1, Math.min(asked, most));
    }

    /**
     * The code of each float that 16 bits hold. Those 16 bits stand for any float if the last one is set where bits beyond it are: it
     * lies at least two places below what a code holds, so that rounding finds ties where there are any and nowhere else.
     */
    private static byte[] codesOf(DType type) {
        byte[] table = new byte[1 << Short.SIZE];
        MemorySegment codes = MemorySegment.ofArray(table);
        for (int upper = 0; upper < table.length; upper++) {
            type.store(codes.asSlice(upper, 1), 0, Float.intBitsToFloat(upper << Short.SIZE));
        }
        return table;
    }

    private static float[] valuesOf(DType type) {
        float[] table = new float[1 << Byte.SIZE];
        for (int code = 0; code < table.length; code++) {
            table[code] = (float) type.load(MemorySegment.ofArray(new byte[] {(byte) code}), 0);
        }
        return table;
    }

    /**
     * ε: how far a number may come from itself by way of its code, as a share of the largest magnitude of its block. Half the gap between
     * the two largest codes is not exceeded where the largest magnitude is the largest code; powers of two put it up to a factor of two
     * below that, or beyond it, where it saturates.
     */
    static double error(Quantise how) {
        DType type = how.type();
        double most = type.maxFinite();
        double half = type.isInteger() ? 0.5 : Math.scalb(1.0, Math.getExponent(most) - type.precision());
        double power = Math.scalb(1.0, Math.getExponent(most));
        return how.scaleType() == DType.F8E8M0 ? Math.max(half / power, 1 - most / (2 * power)) : half / most;
    }

    /** Numbers that share a factor. */
    int block() {
        return block;
    }

    /** Bytes of a run. */
    long bytes(long numbers) {
        long rest = numbers % block;
        long ofBlock = factorType.bytes(1) + type.bytes(block);
        return numbers / block * ofBlock + (rest == 0 ? 0 : factorType.bytes(1) + type.bytes(rest));
    }

    /**
     * Encodes a block.
     *
     * @param x numbers
     * @param n how many, at most {@link #block}
     * @param message where it goes
     * @param at its first byte
     */
    void encode(float[] x, int n, MemorySegment message, long at) {
        float largest = largest(x, n);
        boolean finite = largest < Float.POSITIVE_INFINITY;
        float factor = finite ? factor(largest) : Float.NaN;
        factorType.store(message.asSlice(at, factorType.bytes(1)), 0, factor);
        scale(x, n, finite ? (float) (1.0 / factor) : 0, limit, scaled);
        if (type.isInteger()) {
            round(scaled, n, codes);
        } else {
            copyBits(scaled, n);
            lookUp(bits, n, codeOf, codes);
        }
        byte[] dense = codes;
        if (type.isSubByte()) {
            codes[n] = 0; // the partner of a last code without one
            pack(codes, n, packed);
            dense = packed;
        }
        MemorySegment.copy(dense, 0, message, JAVA_BYTE, at + factorType.bytes(1), (int) type.bytes(n));
    }

    /**
     * Decodes a block.
     *
     * @param message where it is
     * @param at its first byte
     * @param x where the numbers go
     * @param n how many, at most {@link #block}
     */
    void decode(MemorySegment message, long at, float[] x, int n) {
        long width = factorType.bytes(1);
        float factor = (float) factorType.load(message.asSlice(at, width), 0);
        byte[] dense = type.isSubByte() ? packed : codes;
        MemorySegment.copy(message, JAVA_BYTE, at + width, dense, 0, (int) type.bytes(n));
        if (type.isSubByte()) {
            unpack(packed, n, codes);
        }
        if (type.isInteger()) {
            multiply(codes, n, factor, x);
        } else {
            lookUp(codes, n, factor, valueOf, x);
        }
    }

    /** The largest magnitude, compared as bits, by which infinities and NaNs are the largest. */
    private float largest(float[] x, int n) {
        copyBits(x, n);
        int most = 0;
        for (int i = 0; i < n; i++) {
            most = Math.max(most, bits[i] & Integer.MAX_VALUE);
        }
        return Float.intBitsToFloat(Math.min(most, INFINITE));
    }

    private void copyBits(float[] x, int n) {
        MemorySegment.copy(MemorySegment.ofArray(x), 0, MemorySegment.ofArray(bits), 0, (long) n * Float.BYTES);
    }

    /** What the largest magnitude is divided by: never so small that code times factor exceeds it. */
    private float factor(float largest) {
        if (factorType == DType.F8E8M0) {
            double power = Math.scalb(1.0, Math.getExponent((double) largest) - Math.getExponent(type.maxFinite()));
            return (float) factorType.round(largest == 0 ? 0 : power);
        }
        // Normal, so that its inverse is finite.
        return (float) Math.max(Float.MIN_NORMAL, DType.F32.truncate(largest / type.maxFinite()));
    }

    private static void scale(float[] x, int n, float by, float limit, float[] to) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(-limit, Math.min(limit, x[i] * by));
        }
    }

    private static void round(float[] x, int n, byte[] to) {
        for (int i = 0; i < n; i++) {
            float whole = x[i] + WHOLE;
            to[i] = (byte) (int) (whole - WHOLE);
        }
    }

    private static void lookUp(int[] bits, int n, byte[] codeOf, byte[] to) {
        for (int i = 0; i < n; i++) {
            int b = bits[i];
            to[i] = codeOf[b >>> Short.SIZE | (b & 0xFFFF) + 0xFFFF >>> Short.SIZE];
        }
    }

    private static void pack(byte[] codes, int n, byte[] to) {
        for (int i = 0; i < n; i += 2) {
            to[i >> 1] = Int4.pack(codes[i], codes[i + 1]);
        }
    }

    private static void unpack(byte[] packed, int n, byte[] codes) {
        for (int i = 0; i < n; i += 2) {
            codes[i] = Int4.even(packed[i >> 1]);
            codes[i + 1] = Int4.odd(packed[i >> 1]);
        }
    }

    private static void multiply(byte[] codes, int n, float factor, float[] to) {
        for (int i = 0; i < n; i++) {
            to[i] = factor * codes[i];
        }
    }

    private static void lookUp(byte[] codes, int n, float factor, float[] valueOf, float[] to) {
        for (int i = 0; i < n; i++) {
            to[i] = factor * valueOf[codes[i] & 0xFF];
        }
    }
}
