/* Weights of 4 bits: four lanes have a block. */
#include "weights.h"

#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_avx2
#define DTYPE GAMUT_I4
#define BITS 4
#define FACTORS(p, lane) \
    _mm256_set_m128(_mm_set1_ps((p)[(lane) / 4 + 1]), _mm_set1_ps((p)[(lane) / 4]))

#include "../../generic/weights.inc"

#define PANELS(a, c) gamut_weights_##a##_i4_##c##_16x6_avx2
#include "panels.inc"
