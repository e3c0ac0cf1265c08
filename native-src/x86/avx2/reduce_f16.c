/* F16, widened by the CPU. */
#include "reduce_f32.h"

#define NARROW
#define S uint16_t
#define READ(p) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p)))

#define NAME(op, order) gamut_##op##_f16_##order##avx2

#include "../../generic/reduce.inc"
