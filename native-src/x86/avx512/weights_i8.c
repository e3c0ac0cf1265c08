/* Weights of 8 bits: shifted up and, with their sign, down. */
#include "weights.h"

#define SYMBOL(a, c) gamut_weights_##a##_i8_##c##_avx512
#define DTYPE GAMUT_I8
#define BITS 8
#define UNPACK(words, j) _mm512_cvtepi32_ps(_mm512_srai_epi32(_mm512_slli_epi32(words, 24 - 8 * (j)), 24))
/* Eight lanes have a block. */
#define FACTORS(p, lane) \
    _mm512_insertf32x8(_mm512_set1_ps((p)[0]), _mm256_set1_ps((p)[1]), 1)

#include "../../generic/weights.inc"

#define PANELS(a, c) gamut_weights_##a##_i8_##c##_48x8_avx512
#include "panels.inc"
