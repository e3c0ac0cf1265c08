/* BF16, which is the upper half of an F32. */
#include "reduce_f32.h"

#define NARROW
#define S uint16_t
#define READ(p) _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(p))), 16))

#define NAME(op, order) gamut_##op##_bf16_##order##avx512

#include "../../generic/reduce.inc"
