/*
 * Three vectors of rows by eight columns: 24 of 32 registers accumulate. For each step of k three loads and eight broadcasts feed 24
 * multiply-adds, so that two loads a cycle are more than two multiply-adds need.
 */
#include <immintrin.h>

#define T float
#define V __m512
#define LANES 16
#define VECTORS 3
#define NR 8
#define ZERO() _mm512_setzero_ps()
#define LOAD(p) _mm512_loadu_ps(p)
#define LOAD_LANES(p, from, to) _mm512_maskz_loadu_ps((__mmask16)((1u << (to)) - (1u << (from))), p)
#define SPLAT(p) _mm512_set1_ps(*(p))
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define ADD(a, b) _mm512_add_ps(a, b)
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)

#define DTYPE GAMUT_F32
#define MC 480
#define NC 3072
#define STEP (1 << 23)
