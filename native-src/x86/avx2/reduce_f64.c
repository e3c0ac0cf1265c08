/* Sixteen vectors are the 64 lanes of tree64: half of them at a time, since there are 16 registers. */
#include <immintrin.h>

#define T double
#define S double
#define V __m256d
#define LANES 4
#define TOGETHER 8
#define ZERO() _mm256_setzero_pd()
#define SPLAT(x) _mm256_set1_pd(x)
#define LOAD(p) _mm256_loadu_pd(p)
#define READ(p) _mm256_loadu_pd(p)
#define STORE(p, v) _mm256_storeu_pd(p, v)
#define ADD(a, b) _mm256_add_pd(a, b)
#define MUL(a, b) _mm256_mul_pd(a, b)
#define FMA(a, b, c) _mm256_fmadd_pd(a, b, c)
#define ABS(a) _mm256_andnot_pd(_mm256_set1_pd(-0.0), a)

#define EXACT 0
#define MIN(a, b) _mm256_min_pd(b, a)
#define MAX(a, b) _mm256_max_pd(b, a)
#define FLAGS __m256d
#define UNORDERED(f, a, b) _mm256_or_pd(f, _mm256_cmp_pd(a, b, _CMP_UNORD_Q))
#define ANY(f) (_mm256_movemask_pd(f) != 0)
#define EITHER(s, a, b) _mm256_or_pd(s, _mm256_or_pd(a, b))
#define BOTH(s, a, b) _mm256_and_pd(s, _mm256_and_pd(a, b))

#define TYPE GAMUT_F64
#define NAME(op, order) gamut_##op##_f64_##order##avx2

#include "../../generic/reduce.inc"
