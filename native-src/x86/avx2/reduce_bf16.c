/* BF16, which is the upper half of an F32. */
#include "reduce_f32.h"

#define NARROW
#define S uint16_t
#define READ(p) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(p))), 16))

#define NAME(op, order) gamut_##op##_bf16_##order##avx2

#include "../../generic/reduce.inc"
