/*
 * Three vectors of rows by eight columns: 24 of 32 registers accumulate. For each step of k three loads and eight broadcasts feed 24
 * multiply-adds, so that two loads a cycle are more than two multiply-adds need.
 */
#include "../lanes.h"

#define T double
#define V __m512d
#define LANES 8
#define VECTORS 3
#define NR 8
#define ZERO() _mm512_setzero_pd()
#define LOAD(p) _mm512_loadu_pd(p)
#define SPLAT(p) _mm512_set1_pd(*(p))
#define FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#define ADD(a, b) _mm512_add_pd(a, b)
#define STORE(p, v) _mm512_storeu_pd(p, v)
#define TRANSPOSE(r) transpose_longs(r)
#define FMA1(a, b, c) __builtin_fma(a, b, c)

#define SYMBOL gamut_gemm_f64_24x8_avx512
#define DTYPE GAMUT_F64
#define MC 240
#define NC 3072
#define STEP (1 << 23)

#include "../../generic/tile.inc"
