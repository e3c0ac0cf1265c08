/* Weights of 8 bits: eight lanes have a block. */
#include "weights.h"

#define SYMBOL(a, c) gamut_weights_##a##_i8_##c##_avx2
#define DTYPE GAMUT_I8
#define BITS 8
#define FACTORS(p, lane) _mm256_set1_ps((p)[(lane) / 8])

#include "../../generic/weights.inc"

#define PANELS(a, c) gamut_weights_##a##_i8_##c##_16x6_avx2
#include "panels.inc"
