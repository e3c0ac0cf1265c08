/* Eight numbers at a time, in two vectors. */
#include <arm_neon.h>
#include <stdint.h>
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

/* All of it saturates. NaN has no zero point added. */
INLINE int16x4_t i8_codes(const float *x, float factor, int32_t zero) {
    float32x4_t t = vmulq_f32(vld1q_f32(x), vdupq_n_f32(factor));
    int32x4_t codes = vqaddq_s32(vcvtnq_s32_f32(t), vdupq_n_s32(zero));
    return vqmovn_s32(vandq_s32(codes, vreinterpretq_s32_u32(vceqq_f32(t, t))));
}

INLINE void i8_of(const float *x, int8_t *y, float factor, int32_t zero) {
    vst1_s8(y, vqmovn_s16(vcombine_s16(i8_codes(x, factor, zero), i8_codes(x + 4, factor, zero))));
}

INLINE void widen(int8x8_t codes, float *y, float factor, int32_t zero) {
    int16x8_t words = vmovl_s8(codes);
    int32x4_t low = vsubq_s32(vmovl_s16(vget_low_s16(words)), vdupq_n_s32(zero));
    int32x4_t high = vsubq_s32(vmovl_s16(vget_high_s16(words)), vdupq_n_s32(zero));
    vst1q_f32(y, vmulq_f32(vcvtq_f32_s32(low), vdupq_n_f32(factor)));
    vst1q_f32(y + 4, vmulq_f32(vcvtq_f32_s32(high), vdupq_n_f32(factor)));
}

INLINE void i8_from(const int8_t *x, float *y, float factor, int32_t zero) {
    widen(vld1_s8(x), y, factor, zero);
}

/* The lower half of each byte first, signed by shifts. */
INLINE void i4_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    uint32_t word;
    memcpy(&word, x, sizeof word);
    int8x8_t bytes = vcreate_s8(word);
    int8x8_t low = vshr_n_s8(vshl_n_s8(bytes, 4), 4);
    widen(vzip1_s8(low, vshr_n_s8(bytes, 4)), y, factor, zero);
}

#include "../../generic/convert.inc"
