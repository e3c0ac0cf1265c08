package dev.gamut.dtype;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The element types Gamut computes with, and everything the rest of the code needs to know about each of them.
 *
 * <p>This enum is the only place that branches on a type: other code reads traits ({@link #isFloat}, {@link
 * #unitRoundoff}, {@link #gemmAccumulator}, ...) and moves elements with {@link #load} and {@link #store}. Elements lie
 * in native byte order without alignment demands; two four-bit elements share a byte, the even index in the low nibble.
 *
 * <p>Every conversion into a type rounds once, to nearest with ties to even. A value beyond the range becomes infinity
 * where the type has one and saturates to the nearer limit where it has none; NaN stays NaN where the type has one and
 * becomes 0 where it has none.
 *
 * <p>All methods are thread-safe, and pure except for the stores; two threads must not store four-bit elements of the
 * same byte at the same time.
 */
public enum DType {
    /** IEEE 754 binary64. */
    F64(64, Kind.FLOAT, Range.F64, new FloatCodecs.F64()),
    /** IEEE 754 binary32. */
    F32(32, Kind.FLOAT, Range.F32, new FloatCodecs.F32()),
    /** IEEE 754 binary16. */
    F16(16, Kind.FLOAT, Fp16.FORMAT.range(), new FloatCodecs.F16()),
    /** bfloat16: the upper half of a binary32. */
    BF16(16, Kind.FLOAT, Bf16.FORMAT.range(), new FloatCodecs.BF16()),
    /** OCP 8-bit float, 4 exponent and 3 fraction bits; no infinity, one NaN code per sign, largest value 448. */
    F8E4M3(8, Kind.FLOAT, Fp8.E4M3.range(), new FloatCodecs.F8E4M3()),
    /** OCP 8-bit float, 5 exponent and 2 fraction bits, IEEE-like infinities and NaNs, largest finite value 57,344. */
    F8E5M2(8, Kind.FLOAT, Fp8.E5M2.range(), new FloatCodecs.F8E5M2()),
    /** OCP 8-bit power-of-two scale, 2^(code-127), code 255 is NaN; used for scale factors only. */
    F8E8M0(8, Kind.SCALE, Range.F8E8M0, new FloatCodecs.F8E8M0()),
    /** OCP 4-bit float, 2 exponent and 1 fraction bits; no infinity, no NaN, largest value 6. */
    F4E2M1(4, Kind.FLOAT, Fp4.FORMAT.range(), new FloatCodecs.F4E2M1()),
    /** 64-bit signed integer: an index or an exact result. */
    I64(64, Kind.SIGNED, Range.signed(64), new IntegerCodecs.I64()),
    /** 32-bit signed integer. */
    I32(32, Kind.SIGNED, Range.signed(32), new IntegerCodecs.I32()),
    /** 8-bit signed integer. */
    I8(8, Kind.SIGNED, Range.signed(8), new IntegerCodecs.I8()),
    /** 8-bit unsigned integer. */
    U8(8, Kind.UNSIGNED, Range.unsigned(8), new IntegerCodecs.U8()),
    /** 4-bit signed integer, -8 to 7. */
    I4(4, Kind.SIGNED, Range.signed(4), new IntegerCodecs.I4());

    /** What sort of number a type holds. */
    public enum Kind {
        /** A signed floating-point number. */
        FLOAT,
        /** A two's complement integer. */
        SIGNED,
        /** An integer without sign. */
        UNSIGNED,
        /** A power of two that scales other numbers. */
        SCALE
    }

    private final int bits;
    private final Kind kind;
    private final Range range;
    private final Codec codec;
    private final String id = name().toLowerCase(Locale.ROOT);

    DType(int bits, Kind kind, Range range, Codec codec) {
        this.bits = bits;
        this.kind = kind;
        this.range = range;
        this.codec = codec;
    }

    /**
     * The type that an id names.
     *
     * @param id an id as {@link #id} gives it, in upper or lower case
     * @return the type
     * @throws IllegalArgumentException if no type has that id
     */
    public static DType parse(String id) {
        for (DType type : values()) {
            if (type.id.equalsIgnoreCase(id)) {
                return type;
            }
        }
        String allowed = Arrays.stream(values()).map(DType::id).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("data type is '" + id + "', must be one of " + allowed);
    }

    /**
     * The name in kernel ids, reports and command lines.
     *
     * @return the lower-case name
     */
    public String id() {
        return id;
    }

    /**
     * The width of an element.
     *
     * @return bits per element
     */
    public int bits() {
        return bits;
    }

    /**
     * Whether several elements share a byte.
     *
     * @return true for the four-bit types
     */
    public boolean isSubByte() {
        return bits < Byte.SIZE;
    }

    /**
     * The room that elements take when packed densely, rounded up to whole bytes.
     *
     * @param elements how many elements, at least 0
     * @return their size in bytes
     * @throws IllegalArgumentException if {@code elements} is negative or the size exceeds {@link Long#MAX_VALUE}
     */
    public long bytes(long elements) {
        if (elements < 0) {
            throw new IllegalArgumentException("elements is " + elements + ", must be at least 0");
        }
        if (isSubByte()) {
            return (elements >>> 1) + (elements & 1);
        }
        long width = bits / Byte.SIZE;
        if (elements > Long.MAX_VALUE / width) {
            throw new IllegalArgumentException("elements is " + elements + ", must be at most " + Long.MAX_VALUE / width
                    + " for " + id + ": the size in bytes would not fit a long");
        }
        return elements * width;
    }

    /**
     * How many elements have room when packed densely.
     *
     * @param bytes how many bytes, at least 0
     * @return whole elements in them, {@link Long#MAX_VALUE} where there are more
     */
    public long elements(long bytes) {
        if (isSubByte()) {
            return bytes > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : bytes * 2;
        }
        return bytes / (bits / Byte.SIZE);
    }

    /**
     * What sort of number the type holds.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Whether the type is a floating-point type fit for operands; the power-of-two scale is not.
     *
     * @return true for {@link Kind#FLOAT}
     */
    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /**
     * Whether the type is an integer type.
     *
     * @return true for {@link Kind#SIGNED} and {@link Kind#UNSIGNED}
     */
    public boolean isInteger() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    /**
     * The precision p: every integer of magnitude up to 2^p that is in range is a value of the type, except for the
     * power-of-two scale.
     *
     * @return significand bits including the hidden one; for integers the bits that hold the magnitude
     */
    public int precision() {
        return range.precision();
    }

    /**
     * The unit roundoff u: rounding a real number in the normal range changes it by at most u times its magnitude.
     *
     * @return 2^-precision, 0 for integers
     */
    public double unitRoundoff() {
        return isInteger() ? 0 : Math.scalb(1.0, -precision());
    }

    /**
     * The largest finite value; for {@link #I64} 2^63, the double nearest to it.
     *
     * @return the largest value
     */
    public double maxFinite() {
        return range.max();
    }

    /**
     * The least finite value: the negative of the largest for floats, 0 for {@link #U8}, 2^-127 for {@link #F8E8M0}.
     *
     * @return the least value
     */
    public double lowest() {
        return range.lowest();
    }

    /**
     * The smallest positive value with full precision.
     *
     * @return the smallest normal value; 1 for integers
     */
    public double minNormal() {
        return range.minNormal();
    }

    /**
     * The smallest positive value.
     *
     * @return the smallest subnormal value, the smallest value where there are no subnormals; 1 for integers
     */
    public double minSubnormal() {
        return range.minSubnormal();
    }

    /**
     * Whether values beyond the range become infinity instead of saturating.
     *
     * @return true if infinities are values of the type
     */
    public boolean hasInfinity() {
        return range.hasInfinity();
    }

    /**
     * Whether NaN can be kept.
     *
     * @return true if the type has a NaN
     */
    public boolean hasNaN() {
        return range.hasNaN();
    }

    /**
     * The type in which a matrix product of operands of this type is accumulated.
     *
     * @return F64 for F64, I32 for integers, F32 for the rest
     */
    public DType gemmAccumulator() {
        return accumulator(I32);
    }

    /**
     * The type in which a sum over elements of this type is accumulated.
     *
     * @return F64 for F64, I64 for integers, F32 for the rest
     */
    public DType sumAccumulator() {
        return accumulator(I64);
    }

    private DType accumulator(DType forIntegers) {
        if (isInteger()) {
            return forIntegers;
        }
        return this == F64 ? F64 : F32;
    }

    /**
     * Reads an element, exactly unless it is an {@link #I64} beyond 2^53, which is rounded to nearest.
     *
     * @param s where the elements lie
     * @param index which element, counted in elements from the start of the segment
     * @return its value
     * @throws IndexOutOfBoundsException if the element lies outside the segment
     */
    public double load(MemorySegment s, long index) {
        return codec.load(s, index);
    }

    /**
     * Reads an element as an integer: exactly if the type is an integer, else rounded half to even, saturated, and 0
     * for NaN.
     *
     * @param s where the elements lie
     * @param index which element, counted in elements from the start of the segment
     * @return its value
     * @throws IndexOutOfBoundsException if the element lies outside the segment
     */
    public long loadLong(MemorySegment s, long index) {
        return codec.loadLong(s, index);
    }

    /**
     * Writes an element, rounded as the class comment says. A four-bit element's neighbour in the byte is kept.
     *
     * @param s where the elements lie
     * @param index which element, counted in elements from the start of the segment
     * @param v the value
     * @throws IndexOutOfBoundsException if the element lies outside the segment
     */
    public void store(MemorySegment s, long index, double v) {
        codec.store(s, index, v);
    }

    /**
     * Writes an integer: saturated if the type is an integer, else rounded once, as {@link #store} does.
     *
     * @param s where the elements lie
     * @param index which element, counted in elements from the start of the segment
     * @param v the value
     * @throws IndexOutOfBoundsException if the element lies outside the segment
     */
    public void storeLong(MemorySegment s, long index, long v) {
        codec.storeLong(s, index, v);
    }

    /**
     * The value that {@link #load} finds after {@link #store}.
     *
     * @param v any value
     * @return the nearest value of this type; -0 is kept by the types that have it
     */
    public double round(double v) {
        return codec.round(v);
    }

    /**
     * Rounds toward zero: as {@link #round}, but to the value of largest magnitude that is not above that of {@code v}.
     * Infinity stays infinity where the type has one; a finite value beyond the range becomes the nearer limit in every
     * type.
     *
     * @param v any value
     * @return the next value of this type toward zero
     */
    public double truncate(double v) {
        return codec.truncate(v);
    }
}
