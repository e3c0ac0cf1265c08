/* F16, widened by the CPU. */
#include "reduce_f32.h"

#define NARROW
#define S uint16_t
#define READ(p) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(p)))

#define NAME(op, order) gamut_##op##_f16_##order##avx512

#include "../../generic/reduce.inc"
