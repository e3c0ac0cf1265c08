package dev.gamut.hw;

/** A capability of a CPU that decides whether a kernel can run. Names follow the vendors' manuals. */
public enum Feature {
    /** x86 256-bit integer and floating-point vectors. */
    AVX2,
    /** Fused multiply-add in hardware (x86 FMA3; always present on 64-bit Arm). */
    FMA,
    /** x86 conversion between binary16 and binary32. */
    F16C,
    /** x86 512-bit vectors (F, BW, CD, DQ and VL together). */
    AVX512,
    /** x86 INT8 dot products on 512-bit vectors. */
    AVX512_VNNI,
    /** x86 BF16 dot products on 512-bit vectors. */
    AVX512_BF16,
    /** x86 binary16 arithmetic on 512-bit vectors. */
    AVX512_FP16,
    /** x86 INT8 dot products on 256-bit vectors. */
    AVX_VNNI,
    /** x86 INT8 tile multiplication. */
    AMX_INT8,
    /** x86 BF16 tile multiplication. */
    AMX_BF16,
    /** Arm 128-bit vectors. */
    NEON,
    /** Arm INT8 dot products. */
    DOTPROD,
    /** Arm INT8 matrix multiply. */
    I8MM,
    /** Arm BF16 dot products and matrix multiply. */
    BF16,
    /** Arm scalable vectors. */
    SVE,
    /** Arm scalable vectors, second version. */
    SVE2;

    /**
     * Width of the vectors that come with this feature.
     *
     * @return bits; 0 where it brings no vectors of its own, or where their width is the machine's
     */
    public int vectorBits() {
        return switch (this) {
            case AVX2 -> 256;
            case AVX512 -> 512;
            case NEON -> 128;
            default -> 0;
        };
    }
}
