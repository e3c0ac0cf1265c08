/* Eight numbers at a time. */
#include <immintrin.h>
#include <stdint.h>
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

/* Clamped first, since what an I32 does not hold would become the smallest one. */
INLINE void i8_of(const float *x, int8_t *y, float factor, int32_t zero) {
    __m256 t = _mm256_mul_ps(_mm256_loadu_ps(x), _mm256_set1_ps(factor));
    __m256i number = _mm256_castps_si256(_mm256_cmp_ps(t, t, _CMP_ORD_Q));
    t = _mm256_max_ps(_mm256_min_ps(t, _mm256_set1_ps(0x1p20f)), _mm256_set1_ps(-0x1p20f));
    __m256i codes = _mm256_and_si256(number, _mm256_add_epi32(_mm256_cvtps_epi32(t), _mm256_set1_epi32(zero)));
    __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(codes), _mm256_extracti128_si256(codes, 1));
    _mm_storel_epi64((__m128i *)y, _mm_packs_epi16(words, words));
}

INLINE void widen(__m128i codes, float *y, float factor, int32_t zero) {
    __m256i wide = _mm256_sub_epi32(_mm256_cvtepi8_epi32(codes), _mm256_set1_epi32(zero));
    _mm256_storeu_ps(y, _mm256_mul_ps(_mm256_cvtepi32_ps(wide), _mm256_set1_ps(factor)));
}

INLINE void i8_from(const int8_t *x, float *y, float factor, int32_t zero) {
    widen(_mm_loadl_epi64((const __m128i *)x), y, factor, zero);
}

/* The lower half of each byte first; a half becomes signed as its highest bit is flipped and taken away again. */
INLINE void i4_from(const uint8_t *x, float *y, float factor, int32_t zero) {
    int32_t word;
    memcpy(&word, x, sizeof word);
    __m128i bytes = _mm_cvtsi32_si128(word);
    __m128i halves = _mm_unpacklo_epi8(bytes, _mm_srli_epi16(bytes, 4));
    __m128i eight = _mm_set1_epi8(8);
    halves = _mm_and_si128(halves, _mm_set1_epi8(15));
    widen(_mm_sub_epi8(_mm_xor_si128(halves, eight), eight), y, factor, zero);
}

#include "../../generic/convert.inc"
