/* Sixteen numbers at a time. */
#include "../../generic/small_float.h"

#include <immintrin.h>

#define W 16
#define SYMBOL(name) gamut_convert_##name##_avx512
#define INLINE static inline __attribute__((always_inline))

/* NaN as the codecs have it: quiet, no payload, its sign. */
INLINE __m512 clean(__m512 v) {
    __m512i nan = _mm512_or_si512(_mm512_and_si512(_mm512_castps_si512(v), _mm512_set1_epi32(INT32_MIN)), _mm512_set1_epi32(0x7FC00000));
    return _mm512_mask_mov_ps(v, _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q), _mm512_castsi512_ps(nan));
}

/* Just under half a unit, plus the last kept bit: only ties with an odd neighbour below are carried up. */
INLINE void bf16_of(const float *x, uint16_t *y) {
    __m512i bits = _mm512_castps_si512(clean(_mm512_loadu_ps(x)));
    __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    bits = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7FFF)));
    _mm256_storeu_si256((__m256i *)y, _mm512_cvtepi32_epi16(_mm512_srli_epi32(bits, 16)));
}

INLINE void bf16_from(const uint16_t *x, float *y) {
    __m512i codes = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)x));
    _mm512_storeu_ps(y, _mm512_castsi512_ps(_mm512_slli_epi32(codes, 16)));
}

INLINE void f16_of(const float *x, uint16_t *y) {
    _mm256_storeu_si256((__m256i *)y, _mm512_cvtps_ph(clean(_mm512_loadu_ps(x)), _MM_FROUND_TO_NEAREST_INT));
}

INLINE void f16_from(const uint16_t *x, float *y) {
    _mm512_storeu_ps(y, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)x)));
}

/* Rounded, with the zero point, of which NaN has none. Clamped first, since what an I32 does not hold would become the smallest one. */
INLINE __m512i integers(const float *x, float factor, int32_t zero) {
    __m512 t = _mm512_mul_ps(_mm512_loadu_ps(x), _mm512_set1_ps(factor));
    __mmask16 number = _mm512_cmp_ps_mask(t, t, _CMP_ORD_Q);
    t = _mm512_max_ps(_mm512_min_ps(t, _mm512_set1_ps(0x1p20f)), _mm512_set1_ps(-0x1p20f));
    return _mm512_maskz_add_epi32(number, _mm512_cvtps_epi32(t), _mm512_set1_epi32(zero));
}

INLINE void i8_of(const float *x, int8_t *y, float factor, int32_t zero) {
    _mm_storeu_si128((__m128i *)y, _mm512_cvtsepi32_epi8(integers(x, factor, zero)));
}

INLINE void u8_of(const float *x, uint8_t *y, float factor, int32_t zero) {
    __m512i codes = _mm512_max_epi32(integers(x, factor, zero), _mm512_setzero_si512());
    _mm_storeu_si128((__m128i *)y, _mm512_cvtusepi32_epi8(codes));
}

/* Two codes of 4 bits a byte, the first one in its lower half. */
INLINE void pack(__m512i codes, uint8_t *y) {
    __m128i halves = _mm512_cvtepi32_epi8(_mm512_and_si512(codes, _mm512_set1_epi32(15)));
    __m128i bytes = _mm_maddubs_epi16(halves, _mm_set1_epi16(0x1001));
    _mm_storel_epi64((__m128i *)y, _mm_packus_epi16(bytes, bytes));
}

INLINE void i4_of(const float *x, uint8_t *y, float factor, int32_t zero) {
    __m512i codes = _mm512_min_epi32(integers(x, factor, zero), _mm512_set1_epi32(7));
    pack(_mm512_max_epi32(codes, _mm512_set1_epi32(-8)), y);
}

/* What an element of 4 or 8 bits becomes: see small_float. */
INLINE __m512i small_codes(const float *x, small_float f, float factor) {
    __m512i bits = _mm512_castps_si512(_mm512_mul_ps(_mm512_loadu_ps(x), _mm512_set1_ps(factor)));
    __m512i magnitude = _mm512_and_si512(bits, _mm512_set1_epi32(INT32_MAX));
    __m512i sign = _mm512_slli_epi32(_mm512_srli_epi32(bits, 31), f.bits - 1);
    __m512i last = _mm512_and_si512(_mm512_srli_epi32(magnitude, (unsigned)small_dropped(f)), _mm512_set1_epi32(1));
    __m512i normal = _mm512_add_epi32(_mm512_add_epi32(magnitude, last), _mm512_set1_epi32(small_rounder(f)));
    normal = _mm512_min_epi32(_mm512_srai_epi32(normal, (unsigned)small_dropped(f)), _mm512_set1_epi32(f.overflow));
    __m512i unit = _mm512_set1_epi32(small_unit(f));
    __m512 below = _mm512_castsi512_ps(_mm512_min_epi32(magnitude, _mm512_set1_epi32(small_normal(f))));
    __m512i subnormal = _mm512_sub_epi32(_mm512_castps_si512(_mm512_add_ps(below, _mm512_castsi512_ps(unit))), unit);
    __mmask16 nan = _mm512_cmpgt_epi32_mask(magnitude, _mm512_set1_epi32(0x7F800000));
    __m512i code = _mm512_or_si512(_mm512_max_epi32(normal, subnormal), sign);
    __m512i of_nan = f.nan == 0 ? _mm512_setzero_si512() : _mm512_or_si512(sign, _mm512_set1_epi32(f.nan));
    return _mm512_mask_mov_epi32(code, nan, of_nan);
}

INLINE void small_of(const float *x, uint8_t *y, small_float f, float factor) {
    _mm_storeu_si128((__m128i *)y, _mm512_cvtepi32_epi8(small_codes(x, f, factor)));
}

INLINE void nibbles_of(const float *x, uint8_t *y, small_float f, float factor) {
    pack(small_codes(x, f, factor), y);
}

INLINE void scaled(__m512i codes, float *y, float factor, int32_t zero) {
    __m512i wide = _mm512_sub_epi32(codes, _mm512_set1_epi32(zero));
    _mm512_storeu_ps(y, _mm512_mul_ps(_mm512_cvtepi32_ps(wide), _mm512_set1_ps(factor)));
}

INLINE void i8_from(const int8_t *x, float *y, float factor, int32_t zero) {
    scaled(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)x)), y, factor, zero);
}

INLINE void u8_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    scaled(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)x)), y, factor, zero);
}

/* A code of 4 bits a byte, the lower half of each byte first. */
INLINE __m128i unpack(const uint8_t *x) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *)x);
    return _mm_and_si128(_mm_unpacklo_epi8(bytes, _mm_srli_epi16(bytes, 4)), _mm_set1_epi8(15));
}

/* A half becomes signed as its highest bit is flipped and taken away again. */
INLINE void i4_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    __m128i eight = _mm_set1_epi8(8);
    scaled(_mm512_cvtepi8_epi32(_mm_sub_epi8(_mm_xor_si128(unpack(x), eight), eight)), y, factor, zero);
}

INLINE void widen(__m128i codes, float *y, small_float f, float factor, int32_t zero) {
    __m256i wide = _mm256_cvtepu8_epi16(codes);
    __m256i magnitude = _mm256_and_si256(wide, _mm256_set1_epi16((short)small_magnitude(f)));
    __m256i sign = _mm256_slli_epi16(_mm256_srli_epi16(wide, (unsigned)f.bits - 1), 15);
    __m256i nan = _mm256_cmpeq_epi16(magnitude, _mm256_set1_epi16((short)small_odd_nan(f)));
    __m256i halves = _mm256_or_si256(_mm256_slli_epi16(magnitude, (unsigned)small_shift(f)), sign);
    halves = _mm256_or_si256(halves, _mm256_and_si256(nan, _mm256_set1_epi16(0x7C00)));
    __m512 number = _mm512_mul_ps(_mm512_cvtph_ps(halves), _mm512_set1_ps(small_power(f)));
    number = _mm512_sub_ps(number, _mm512_set1_ps((float)zero));
    _mm512_storeu_ps(y, _mm512_mul_ps(number, _mm512_set1_ps(factor)));
}

INLINE void small_from(const uint8_t *x, float *y, small_float f, float factor, int32_t zero) {
    widen(_mm_loadu_si128((const __m128i *)x), y, f, factor, zero);
}

INLINE void nibbles_from(const uint8_t *x, float *y, small_float f, float factor, int32_t zero) {
    widen(unpack(x), y, f, factor, zero);
}

#include "../../generic/convert.inc"
