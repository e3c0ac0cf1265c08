/* Two vectors of rows by six columns: 12 of 16 registers accumulate, two hold a column of A and two elements of B. */
#include <immintrin.h>

#define T float
#define V __m256
#define LANES 8
#define VECTORS 2
#define NR 6
#define ZERO() _mm256_setzero_ps()
#define LOAD(p) _mm256_loadu_ps(p)
#define SPLAT(p) _mm256_broadcast_ss(p)
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define ADD(a, b) _mm256_add_ps(a, b)
#define STORE(p, v) _mm256_storeu_ps((float *)(p), v)
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)

#define DTYPE GAMUT_F32
#define MC 240
#define NC 3072
#define STEP (1 << 23)
