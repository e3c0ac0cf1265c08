/* Vectors of F32 for reductions: four are the 64 lanes of tree64. */
#include <immintrin.h>

#define T float
#define V __m512
#define LANES 16
#define TOGETHER 4
#define ZERO() _mm512_setzero_ps()
#define SPLAT(x) _mm512_set1_ps(x)
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define ADD(a, b) _mm512_add_ps(a, b)
#define MUL(a, b) _mm512_mul_ps(a, b)
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define ABS(a) _mm512_abs_ps(a)

#define TYPE GAMUT_F32
