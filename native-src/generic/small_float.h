/* Floating-point types of up to 8 bits, of the Open Compute Project (OFP8 1.0, MX 1.0), as kernels round F32 to them and widen their codes. */
#ifndef GAMUT_SMALL_FLOAT_H
#define GAMUT_SMALL_FLOAT_H

#include <stdint.h>

/*
 * Normal results are rounded as integers, by adding just under half a unit and the last bit kept; subnormal ones by adding a number whose
 * last bit is their unit. Of the two codes the larger one is right: below the normal numbers the first one falls by whole binades.
 *
 * A magnitude moved to where F16 has exponent and fraction is the number over a power of two, subnormals too; E4M3's NaN gets all bits of
 * the exponent besides.
 */
typedef struct small_float {
    /* Bits of a code, its stored fraction, and the exponent's bias. */
    int bits, fraction, bias;

    /* Codes of all larger numbers, and of NaN; 0 where there is none. */
    int overflow, nan;
} small_float;

static const small_float f8e4m3 = {.bits = 8, .fraction = 3, .bias = 7, .overflow = 0x7E, .nan = 0x7F};
static const small_float f8e5m2 = {.bits = 8, .fraction = 2, .bias = 15, .overflow = 0x7C, .nan = 0x7E};
static const small_float f4e2m1 = {.bits = 4, .fraction = 1, .bias = 1, .overflow = 7, .nan = 0};

/* Bits of a magnitude. */
static inline int small_magnitude(small_float f) {
    return (1 << (f.bits - 1)) - 1;
}

/* Fraction bits of an F32 that the type does not have. */
static inline int small_dropped(small_float f) {
    return 23 - f.fraction;
}

/* Just under half a unit in bits of an F32, less the difference of the exponents' biases. */
static inline int32_t small_rounder(small_float f) {
    return (1 << (small_dropped(f) - 1)) - 1 - ((127 - f.bias) << 23);
}

/* The smallest normal number, and one whose last bit is the unit of the subnormal ones, as bits of F32. */
static inline int32_t small_normal(small_float f) {
    return (128 - f.bias) << 23;
}

static inline int32_t small_unit(small_float f) {
    return (151 - f.bias - f.fraction) << 23;
}

/* By how much a magnitude is moved to be one of F16, and what that is to be multiplied by. */
static inline int small_shift(small_float f) {
    return 10 - f.fraction;
}

static inline float small_power(small_float f) {
    return (float)(1 << (15 - f.bias));
}

/* A magnitude that is NaN as F16 does not have it; none of its bits where there is none. */
static inline int small_odd_nan(small_float f) {
    return f.nan == small_magnitude(f) ? f.nan : -1;
}

#endif
