/* Sixteen numbers at a time. */
#include <immintrin.h>
#include <stdint.h>

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

/* Clamped first, since what an I32 does not hold would become the smallest one. */
INLINE void i8_of(const float *x, int8_t *y, float factor, int32_t zero) {
    __m512 t = _mm512_mul_ps(_mm512_loadu_ps(x), _mm512_set1_ps(factor));
    __mmask16 number = _mm512_cmp_ps_mask(t, t, _CMP_ORD_Q);
    t = _mm512_max_ps(_mm512_min_ps(t, _mm512_set1_ps(0x1p20f)), _mm512_set1_ps(-0x1p20f));
    __m512i codes = _mm512_maskz_add_epi32(number, _mm512_cvtps_epi32(t), _mm512_set1_epi32(zero));
    _mm_storeu_si128((__m128i *)y, _mm512_cvtsepi32_epi8(codes));
}

INLINE void widen(__m128i codes, float *y, float factor, int32_t zero) {
    __m512i wide = _mm512_sub_epi32(_mm512_cvtepi8_epi32(codes), _mm512_set1_epi32(zero));
    _mm512_storeu_ps(y, _mm512_mul_ps(_mm512_cvtepi32_ps(wide), _mm512_set1_ps(factor)));
}

INLINE void i8_from(const int8_t *x, float *y, float factor, int32_t zero) {
    widen(_mm_loadu_si128((const __m128i *)x), y, factor, zero);
}

/* The lower half of each byte first; a half becomes signed as its highest bit is flipped and taken away again. */
INLINE void i4_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *)x);
    __m128i halves = _mm_unpacklo_epi8(bytes, _mm_srli_epi16(bytes, 4));
    __m128i eight = _mm_set1_epi8(8);
    halves = _mm_and_si128(halves, _mm_set1_epi8(15));
    widen(_mm_sub_epi8(_mm_xor_si128(halves, eight), eight), y, factor, zero);
}

#include "../../generic/convert.inc"
