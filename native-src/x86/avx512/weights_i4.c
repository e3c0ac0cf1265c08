/*
 * Weights of 4 bits: a permutation looks at the lowest bits of each lane alone and picks one of 16 floats. Three instructions for 16 weights,
 * the multiply-add among them.
 */
#include "weights.h"

#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_avx512
#define DTYPE GAMUT_I4
#define BITS 4
#define UNPACK(words, j)                                                                                   \
    _mm512_permutexvar_ps((j) == 0 ? (words) : _mm512_srli_epi32(words, 4 * (j)),                          \
                          _mm512_set_ps(-1, -2, -3, -4, -5, -6, -7, -8, 7, 6, 5, 4, 3, 2, 1, 0))
/* Four lanes have a block. */
#define FACTORS(p, lane)                                                                                   \
    _mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(p)),                                          \
                         _mm512_set_epi32(3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0))

#include "../../generic/weights.inc"

#define PANELS(a, c) gamut_weights_##a##_i4_##c##_48x8_avx512
#include "panels.inc"
