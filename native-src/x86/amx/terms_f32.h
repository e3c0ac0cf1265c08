/* F32 for terms.inc. */
#include <immintrin.h>

#define T float
#define V __m512
#define LANES 16
#define LOAD(p) _mm512_loadu_ps(p)
#define SPLAT(p) _mm512_set1_ps(*(p))
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#define DTYPE GAMUT_F32
