/* Eight numbers at a time, in two vectors. */
#include "../../generic/small_float.h"

#include <arm_neon.h>
#include <string.h>

#define W 8
#define SYMBOL(name) gamut_convert_##name##_neon
#define INLINE static inline __attribute__((always_inline))

/* NaN as the codecs have it: quiet, no payload, its sign. */
INLINE float32x4_t clean(float32x4_t v) {
    uint32x4_t bits = vreinterpretq_u32_f32(v);
    uint32x4_t nan = vorrq_u32(vandq_u32(bits, vdupq_n_u32(0x80000000)), vdupq_n_u32(0x7FC00000));
    return vreinterpretq_f32_u32(vbslq_u32(vceqq_f32(v, v), bits, nan));
}

/* Just under half a unit, plus the last kept bit: only ties with an odd neighbour below are carried up. */
INLINE uint16x4_t bf16_codes(const float *x) {
    uint32x4_t bits = vreinterpretq_u32_f32(clean(vld1q_f32(x)));
    uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    return vshrn_n_u32(vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7FFF))), 16);
}

INLINE void bf16_of(const float *x, uint16_t *y) {
    vst1q_u16(y, vcombine_u16(bf16_codes(x), bf16_codes(x + 4)));
}

INLINE void bf16_from(const uint16_t *x, float *y) {
    uint16x8_t codes = vld1q_u16(x);
    vst1q_f32(y, vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(codes), 16)));
    vst1q_f32(y + 4, vreinterpretq_f32_u32(vshll_n_u16(vget_high_u16(codes), 16)));
}

INLINE void f16_of(const float *x, uint16_t *y) {
    vst1_u16(y, vreinterpret_u16_f16(vcvt_f16_f32(clean(vld1q_f32(x)))));
    vst1_u16(y + 4, vreinterpret_u16_f16(vcvt_f16_f32(clean(vld1q_f32(x + 4)))));
}

INLINE void f16_from(const uint16_t *x, float *y) {
    vst1q_f32(y, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(x))));
    vst1q_f32(y + 4, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(x + 4))));
}

/* Rounded, with the zero point, of which NaN has none. All of it saturates. */
INLINE int16x4_t four(const float *x, float factor, int32_t zero) {
    float32x4_t t = vmulq_f32(vld1q_f32(x), vdupq_n_f32(factor));
    int32x4_t codes = vqaddq_s32(vcvtnq_s32_f32(t), vdupq_n_s32(zero));
    return vqmovn_s32(vandq_s32(codes, vreinterpretq_s32_u32(vceqq_f32(t, t))));
}

INLINE int16x8_t integers(const float *x, float factor, int32_t zero) {
    return vcombine_s16(four(x, factor, zero), four(x + 4, factor, zero));
}

INLINE void i8_of(const float *x, int8_t *y, float factor, int32_t zero) {
    vst1_s8(y, vqmovn_s16(integers(x, factor, zero)));
}

INLINE void u8_of(const float *x, uint8_t *y, float factor, int32_t zero) {
    vst1_u8(y, vqmovun_s16(integers(x, factor, zero)));
}

/* Two codes of 4 bits a byte, the first one in its lower half. */
INLINE void pack(uint8x8_t codes, uint8_t *y) {
    uint8x8_t bytes = vsli_n_u8(vuzp1_u8(codes, codes), vuzp2_u8(codes, codes), 4);
    uint32_t word = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
    memcpy(y, &word, sizeof word);
}

INLINE void i4_of(const float *x, uint8_t *y, float factor, int32_t zero) {
    int16x8_t codes = vmaxq_s16(vminq_s16(integers(x, factor, zero), vdupq_n_s16(7)), vdupq_n_s16(-8));
    pack(vand_u8(vreinterpret_u8_s8(vmovn_s16(codes)), vdup_n_u8(15)), y);
}

/* What an element of 4 or 8 bits becomes: see small_float. */
INLINE uint16x4_t small_four(const float *x, small_float f, float factor) {
    uint32x4_t bits = vreinterpretq_u32_f32(vmulq_f32(vld1q_f32(x), vdupq_n_f32(factor)));
    int32x4_t magnitude = vreinterpretq_s32_u32(vandq_u32(bits, vdupq_n_u32(INT32_MAX)));
    int32x4_t sign = vshlq_s32(vreinterpretq_s32_u32(vshrq_n_u32(bits, 31)), vdupq_n_s32(f.bits - 1));
    int32x4_t down = vdupq_n_s32(-small_dropped(f));
    int32x4_t last = vandq_s32(vshlq_s32(magnitude, down), vdupq_n_s32(1));
    int32x4_t normal = vshlq_s32(vaddq_s32(vaddq_s32(magnitude, last), vdupq_n_s32(small_rounder(f))), down);
    normal = vminq_s32(normal, vdupq_n_s32(f.overflow));
    int32x4_t unit = vdupq_n_s32(small_unit(f));
    float32x4_t below = vreinterpretq_f32_s32(vminq_s32(magnitude, vdupq_n_s32(small_normal(f))));
    int32x4_t subnormal = vsubq_s32(vreinterpretq_s32_f32(vaddq_f32(below, vreinterpretq_f32_s32(unit))), unit);
    uint32x4_t nan = vcgtq_s32(magnitude, vdupq_n_s32(0x7F800000));
    int32x4_t code = vorrq_s32(vmaxq_s32(normal, subnormal), sign);
    int32x4_t of_nan = f.nan == 0 ? vdupq_n_s32(0) : vorrq_s32(sign, vdupq_n_s32(f.nan));
    return vmovn_u32(vreinterpretq_u32_s32(vbslq_s32(nan, of_nan, code)));
}

INLINE uint8x8_t small_codes(const float *x, small_float f, float factor) {
    return vmovn_u16(vcombine_u16(small_four(x, f, factor), small_four(x + 4, f, factor)));
}

INLINE void small_of(const float *x, uint8_t *y, small_float f, float factor) {
    vst1_u8(y, small_codes(x, f, factor));
}

INLINE void nibbles_of(const float *x, uint8_t *y, small_float f, float factor) {
    pack(small_codes(x, f, factor), y);
}

INLINE void scaled(int16x8_t codes, float *y, float factor, int32_t zero) {
    int32x4_t low = vsubq_s32(vmovl_s16(vget_low_s16(codes)), vdupq_n_s32(zero));
    int32x4_t high = vsubq_s32(vmovl_s16(vget_high_s16(codes)), vdupq_n_s32(zero));
    vst1q_f32(y, vmulq_f32(vcvtq_f32_s32(low), vdupq_n_f32(factor)));
    vst1q_f32(y + 4, vmulq_f32(vcvtq_f32_s32(high), vdupq_n_f32(factor)));
}

INLINE void i8_from(const int8_t *x, float *y, float factor, int32_t zero) {
    scaled(vmovl_s8(vld1_s8(x)), y, factor, zero);
}

INLINE void u8_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    scaled(vreinterpretq_s16_u16(vmovl_u8(vld1_u8(x))), y, factor, zero);
}

/* A code of 4 bits a byte, the lower half of each byte first. */
INLINE uint8x8_t unpack(const uint8_t *x) {
    uint32_t word;
    memcpy(&word, x, sizeof word);
    uint8x8_t bytes = vcreate_u8(word);
    return vzip1_u8(vand_u8(bytes, vdup_n_u8(15)), vshr_n_u8(bytes, 4));
}

/* Signed by shifts. */
INLINE void i4_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    scaled(vmovl_s8(vshr_n_s8(vshl_n_s8(vreinterpret_s8_u8(unpack(x)), 4), 4)), y, factor, zero);
}

INLINE void widen_four(uint16x4_t halves, float *y, small_float f, float factor, int32_t zero) {
    float32x4_t number = vmulq_f32(vcvt_f32_f16(vreinterpret_f16_u16(halves)), vdupq_n_f32(small_power(f)));
    number = vsubq_f32(number, vdupq_n_f32((float)zero));
    vst1q_f32(y, vmulq_f32(number, vdupq_n_f32(factor)));
}

INLINE void widen(uint8x8_t codes, float *y, small_float f, float factor, int32_t zero) {
    uint16x8_t wide = vmovl_u8(codes);
    uint16x8_t magnitude = vandq_u16(wide, vdupq_n_u16((uint16_t)small_magnitude(f)));
    uint16x8_t sign = vshlq_u16(vbicq_u16(wide, magnitude), vdupq_n_s16((int16_t)(16 - f.bits)));
    uint16x8_t nan = vceqq_u16(magnitude, vdupq_n_u16((uint16_t)small_odd_nan(f)));
    uint16x8_t halves = vorrq_u16(vshlq_u16(magnitude, vdupq_n_s16((int16_t)small_shift(f))), sign);
    halves = vorrq_u16(halves, vandq_u16(nan, vdupq_n_u16(0x7C00)));
    widen_four(vget_low_u16(halves), y, f, factor, zero);
    widen_four(vget_high_u16(halves), y + 4, f, factor, zero);
}

INLINE void small_from(const uint8_t *x, float *y, small_float f, float factor, int32_t zero) {
    widen(vld1_u8(x), y, f, factor, zero);
}

INLINE void nibbles_from(const uint8_t *x, float *y, small_float f, float factor, int32_t zero) {
    widen(unpack(x), y, f, factor, zero);
}

#include "../../generic/convert.inc"
