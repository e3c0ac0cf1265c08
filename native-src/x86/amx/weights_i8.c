/* Weights of 8 bits: a word has four neighbours along k. */
#include <immintrin.h>
#include <stdint.h>

#define SYMBOL(a, c) gamut_weights_##a##_i8_##c##_amx
#define DTYPE GAMUT_I8
#define WORDS 8

/* A byte of pair p with its sign. */
static inline __attribute__((always_inline)) __m512i byte_of(const uint32_t *words, int p, int odd) {
    const __m512i word = _mm512_loadu_si512(words + p / 2 * 16);
    return _mm512_srai_epi32(_mm512_slli_epi32(word, (unsigned)(24 - p % 2 * 16 - odd * 8)), 24);
}

#define EVEN(words, p) byte_of(words, p, 0)
#define ODD(words, p) byte_of(words, p, 1)
#define PAIR(words, p) join(EVEN(words, p), ODD(words, p))

#include "weights.inc"
