/* Weights of 4 bits: a word has eight neighbours along k, the even ones in the low halves of its bytes. */
#include <immintrin.h>
#include <stdint.h>

#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_amx
#define DTYPE GAMUT_I4
#define WORDS 4

/* Bits of pair p are the lowest eight. */
static inline __attribute__((always_inline)) __m512i byte_of(const uint32_t *words, int p) {
    return _mm512_srli_epi32(_mm512_loadu_si512(words + p / 4 * 16), (unsigned)(p % 4 * 8));
}

/* Looked up by four bits, and one more that does not matter, since the numbers from 0 to 7 and from -8 to -1 stand there twice. */
static inline __attribute__((always_inline)) __m512i pair_of(const uint32_t *words, int p) {
    const __m512i codes = _mm512_broadcast_i64x4(_mm256_setr_epi16(
        0, 0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0, 0x40C0, 0x40E0, (short)0xC100, (short)0xC0E0, (short)0xC0C0, (short)0xC0A0,
        (short)0xC080, (short)0xC040, (short)0xC000, (short)0xBF80));
    const __m512i byte = byte_of(words, p);
    return _mm512_permutexvar_epi16(_mm512_mask_blend_epi16(0xAAAAAAAA, byte, _mm512_slli_epi32(byte, 12)), codes);
}

/* A half of a byte with its sign. */
static inline __attribute__((always_inline)) __m512i half_of(const uint32_t *words, int p, int odd) {
    return _mm512_srai_epi32(_mm512_slli_epi32(byte_of(words, p), odd ? 24u : 28u), 28);
}

#define PAIR(words, p) pair_of(words, p)
#define EVEN(words, p) half_of(words, p, 0)
#define ODD(words, p) half_of(words, p, 1)

#include "weights.inc"
