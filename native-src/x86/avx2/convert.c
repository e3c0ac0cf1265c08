/* Eight numbers at a time. */
#include "../../generic/small_float.h"

#include <immintrin.h>
#include <string.h>

#define W 8
#define SYMBOL(name) gamut_convert_##name##_avx2
#define INLINE static inline __attribute__((always_inline))

/* NaN as the codecs have it: quiet, no payload, its sign. */
INLINE __m256 clean(__m256 v) {
    __m256 nan = _mm256_or_ps(_mm256_and_ps(v, _mm256_set1_ps(-0.0f)), _mm256_castsi256_ps(_mm256_set1_epi32(0x7FC00000)));
    return _mm256_blendv_ps(v, nan, _mm256_cmp_ps(v, v, _CMP_UNORD_Q));
}

/* Just under half a unit, plus the last kept bit: only ties with an odd neighbour below are carried up. */
INLINE void bf16_of(const float *x, uint16_t *y) {
    __m256i bits = _mm256_castps_si256(clean(_mm256_loadu_ps(x)));
    __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    bits = _mm256_srli_epi32(_mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7FFF))), 16);
    _mm_storeu_si128((__m128i *)y, _mm_packus_epi32(_mm256_castsi256_si128(bits), _mm256_extracti128_si256(bits, 1)));
}

INLINE void bf16_from(const uint16_t *x, float *y) {
    __m256i codes = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)x));
    _mm256_storeu_ps(y, _mm256_castsi256_ps(_mm256_slli_epi32(codes, 16)));
}

INLINE void f16_of(const float *x, uint16_t *y) {
    _mm_storeu_si128((__m128i *)y, _mm256_cvtps_ph(clean(_mm256_loadu_ps(x)), _MM_FROUND_TO_NEAREST_INT));
}

INLINE void f16_from(const uint16_t *x, float *y) {
    _mm256_storeu_ps(y, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)x)));
}

/* Rounded, with the zero point, of which NaN has none. Clamped first, since what an I32 does not hold would become the smallest one. */
INLINE __m256i integers(const float *x, float factor, int32_t zero) {
    __m256 t = _mm256_mul_ps(_mm256_loadu_ps(x), _mm256_set1_ps(factor));
    __m256i number = _mm256_castps_si256(_mm256_cmp_ps(t, t, _CMP_ORD_Q));
    t = _mm256_max_ps(_mm256_min_ps(t, _mm256_set1_ps(0x1p20f)), _mm256_set1_ps(-0x1p20f));
    return _mm256_and_si256(number, _mm256_add_epi32(_mm256_cvtps_epi32(t), _mm256_set1_epi32(zero)));
}

/* In 16 bits, saturated. */
INLINE __m128i words(__m256i codes) {
    return _mm_packs_epi32(_mm256_castsi256_si128(codes), _mm256_extracti128_si256(codes, 1));
}

INLINE void i8_of(const float *x, int8_t *y, float factor, int32_t zero) {
    __m128i codes = words(integers(x, factor, zero));
    _mm_storel_epi64((__m128i *)y, _mm_packs_epi16(codes, codes));
}

INLINE void u8_of(const float *x, uint8_t *y, float factor, int32_t zero) {
    __m128i codes = words(integers(x, factor, zero));
    _mm_storel_epi64((__m128i *)y, _mm_packus_epi16(codes, codes));
}

/* Two codes of 4 bits a byte, the first one in its lower half. */
INLINE void pack(__m256i codes, uint8_t *y) {
    __m128i halves = words(_mm256_and_si256(codes, _mm256_set1_epi32(15)));
    __m128i bytes = _mm_maddubs_epi16(_mm_packus_epi16(halves, halves), _mm_set1_epi16(0x1001));
    int32_t word = _mm_cvtsi128_si32(_mm_packus_epi16(bytes, bytes));
    memcpy(y, &word, sizeof word);
}

INLINE void i4_of(const float *x, uint8_t *y, float factor, int32_t zero) {
    __m256i codes = _mm256_min_epi32(integers(x, factor, zero), _mm256_set1_epi32(7));
    pack(_mm256_max_epi32(codes, _mm256_set1_epi32(-8)), y);
}

/* What an element of 4 or 8 bits becomes: see small_float. */
INLINE __m256i small_codes(const float *x, small_float f, float factor) {
    __m256i bits = _mm256_castps_si256(_mm256_mul_ps(_mm256_loadu_ps(x), _mm256_set1_ps(factor)));
    __m256i magnitude = _mm256_and_si256(bits, _mm256_set1_epi32(INT32_MAX));
    __m256i sign = _mm256_slli_epi32(_mm256_srli_epi32(bits, 31), f.bits - 1);
    __m256i last = _mm256_and_si256(_mm256_srli_epi32(magnitude, small_dropped(f)), _mm256_set1_epi32(1));
    __m256i normal = _mm256_add_epi32(_mm256_add_epi32(magnitude, last), _mm256_set1_epi32(small_rounder(f)));
    normal = _mm256_min_epi32(_mm256_srai_epi32(normal, small_dropped(f)), _mm256_set1_epi32(f.overflow));
    __m256i unit = _mm256_set1_epi32(small_unit(f));
    __m256 below = _mm256_castsi256_ps(_mm256_min_epi32(magnitude, _mm256_set1_epi32(small_normal(f))));
    __m256i subnormal = _mm256_sub_epi32(_mm256_castps_si256(_mm256_add_ps(below, _mm256_castsi256_ps(unit))), unit);
    __m256i nan = _mm256_cmpgt_epi32(magnitude, _mm256_set1_epi32(0x7F800000));
    __m256i code = _mm256_or_si256(_mm256_max_epi32(normal, subnormal), sign);
    __m256i of_nan = f.nan == 0 ? _mm256_setzero_si256() : _mm256_or_si256(sign, _mm256_set1_epi32(f.nan));
    return _mm256_blendv_epi8(code, of_nan, nan);
}

INLINE void small_of(const float *x, uint8_t *y, small_float f, float factor) {
    __m128i codes = words(small_codes(x, f, factor));
    _mm_storel_epi64((__m128i *)y, _mm_packus_epi16(codes, codes));
}

INLINE void nibbles_of(const float *x, uint8_t *y, small_float f, float factor) {
    pack(small_codes(x, f, factor), y);
}

INLINE void scaled(__m256i codes, float *y, float factor, int32_t zero) {
    __m256i wide = _mm256_sub_epi32(codes, _mm256_set1_epi32(zero));
    _mm256_storeu_ps(y, _mm256_mul_ps(_mm256_cvtepi32_ps(wide), _mm256_set1_ps(factor)));
}

INLINE void i8_from(const int8_t *x, float *y, float factor, int32_t zero) {
    scaled(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)x)), y, factor, zero);
}

INLINE void u8_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    scaled(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)x)), y, factor, zero);
}

/* A code of 4 bits a byte, the lower half of each byte first. */
INLINE __m128i unpack(const uint8_t *x) {
    int32_t word;
    memcpy(&word, x, sizeof word);
    __m128i bytes = _mm_cvtsi32_si128(word);
    return _mm_and_si128(_mm_unpacklo_epi8(bytes, _mm_srli_epi16(bytes, 4)), _mm_set1_epi8(15));
}

/* A half becomes signed as its highest bit is flipped and taken away again. */
INLINE void i4_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    __m128i eight = _mm_set1_epi8(8);
    scaled(_mm256_cvtepi8_epi32(_mm_sub_epi8(_mm_xor_si128(unpack(x), eight), eight)), y, factor, zero);
}

INLINE void widen(__m128i codes, float *y, small_float f, float factor, int32_t zero) {
    __m128i wide = _mm_cvtepu8_epi16(codes);
    __m128i magnitude = _mm_and_si128(wide, _mm_set1_epi16((short)small_magnitude(f)));
    __m128i sign = _mm_slli_epi16(_mm_srli_epi16(wide, f.bits - 1), 15);
    __m128i nan = _mm_cmpeq_epi16(magnitude, _mm_set1_epi16((short)small_odd_nan(f)));
    __m128i halves = _mm_or_si128(_mm_slli_epi16(magnitude, small_shift(f)), sign);
    halves = _mm_or_si128(halves, _mm_and_si128(nan, _mm_set1_epi16(0x7C00)));
    __m256 number = _mm256_mul_ps(_mm256_cvtph_ps(halves), _mm256_set1_ps(small_power(f)));
    number = _mm256_sub_ps(number, _mm256_set1_ps((float)zero));
    _mm256_storeu_ps(y, _mm256_mul_ps(number, _mm256_set1_ps(factor)));
}

INLINE void small_from(const uint8_t *x, float *y, small_float f, float factor, int32_t zero) {
    widen(_mm_loadl_epi64((const __m128i *)x), y, f, factor, zero);
}

INLINE void nibbles_from(const uint8_t *x, float *y, small_float f, float factor, int32_t zero) {
    widen(unpack(x), y, f, factor, zero);
}

#include "../../generic/convert.inc"
