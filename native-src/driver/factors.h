/* Numbers of callers at any address: what scale factors, zero points, activations and results of a few types are. */
#ifndef GAMUT_FACTORS_H
#define GAMUT_FACTORS_H

#include "gamut.h"

#include <string.h>

static inline int gamut_float_bytes(int32_t type) {
    return type == GAMUT_F32 ? 4 : 2;
}

static inline float gamut_float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Number `at` of a type: GAMUT_F32, GAMUT_BF16 or GAMUT_F16, fraction and exponent of which go to their places in an F32 with another bias. */
static inline float gamut_float_at(int32_t type, const void *from, int64_t at) {
    uint32_t bits = 0;
    memcpy(&bits, (const char *)from + at * gamut_float_bytes(type), (size_t)gamut_float_bytes(type));
    if (type != GAMUT_F16) {
        return gamut_float_of_bits(type == GAMUT_F32 ? bits : bits << 16);
    }
    uint32_t magnitude = (bits & 0x7FFF) << 13;
    float value = (bits & 0x7C00) == 0x7C00 ? gamut_float_of_bits(magnitude | 0x7F800000) : gamut_float_of_bits(magnitude) * 0x1p112f;
    return bits & 0x8000 ? -value : value;
}

/* Whether a number is 0 or of a magnitude in a range. */
static inline int gamut_is_moderate(float value, float least, float largest) {
    float magnitude = __builtin_fabsf(value);
    return (magnitude == 0) | ((magnitude >= least) & (magnitude <= largest));
}

/*
 * Copies F32 numbers; returns whether all are moderate. One loop, for those of a column: a call of memcpy, which GCC makes of a loop that only
 * copies, takes longer than all else that is done to them.
 */
static inline int gamut_copy_floats(const char *restrict from, int64_t count, float least, float largest, float *restrict to) {
    int moderate = 1;
    for (int64_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, from + i * (int64_t)sizeof value, sizeof value);
        moderate &= gamut_is_moderate(value, least, largest);
        to[i] = value;
    }
    return moderate;
}

/* A signed number of 4 bits, the first of two in the lower half of a byte. */
static inline int gamut_nibble_at(const void *from, int64_t at) {
    return ((((const uint8_t *)from)[at / 2] >> at % 2 * 4 & 0xF) ^ 8) - 8;
}

/* Zero point `at` of a type: GAMUT_I8, GAMUT_U8 or GAMUT_I4; 0 where there are none. */
static inline int gamut_zero_at(int64_t type, const void *from, int64_t at) {
    switch (type) {
    case GAMUT_I8:
        return ((const int8_t *)from)[at];
    case GAMUT_U8:
        return ((const uint8_t *)from)[at];
    case GAMUT_I4:
        return gamut_nibble_at(from, at);
    default:
        return 0;
    }
}

#endif
