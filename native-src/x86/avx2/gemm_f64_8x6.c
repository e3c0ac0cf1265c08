/* Two vectors of rows by six columns: 12 of 16 registers accumulate, two hold a column of A and two elements of B. */
#include <immintrin.h>

#include "transpose.h"

#define T double
#define V __m256d
#define LANES 4
#define VECTORS 2
#define NR 6
#define ZERO() _mm256_setzero_pd()
#define LOAD(p) _mm256_loadu_pd(p)
#define SPLAT(p) _mm256_broadcast_sd(p)
#define FMA(a, b, c) _mm256_fmadd_pd(a, b, c)
#define ADD(a, b) _mm256_add_pd(a, b)
#define STORE(p, v) _mm256_storeu_pd((double *)(p), v)
#define TRANSPOSE(r) transpose_longs(r)
#define FMA1(a, b, c) __builtin_fma(a, b, c)

#define SYMBOL gamut_gemm_f64_8x6_avx2
#define DTYPE GAMUT_F64
#define MC 120
#define NC 3072
#define STEP (1 << 23)

#include "../../generic/tile.inc"
