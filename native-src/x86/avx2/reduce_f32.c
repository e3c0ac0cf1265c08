/* F32, see the header. */
#include "reduce_f32.h"

#define S float
#define READ(p) LOAD(p)

#define EXACT 0
#define MIN(a, b) _mm256_min_ps(b, a)
#define MAX(a, b) _mm256_max_ps(b, a)
#define FLAGS __m256
#define UNORDERED(f, a, b) _mm256_or_ps(f, _mm256_cmp_ps(a, b, _CMP_UNORD_Q))
#define ANY(f) (_mm256_movemask_ps(f) != 0)
#define EITHER(s, a, b) _mm256_or_ps(s, _mm256_or_ps(a, b))
#define BOTH(s, a, b) _mm256_and_ps(s, _mm256_and_ps(a, b))

#define NAME(op, order) gamut_##op##_f32_##order##avx2

#include "../../generic/reduce.inc"
