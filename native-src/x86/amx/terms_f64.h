/* F64 for terms.inc. */
#include <immintrin.h>

#define T double
#define V __m512d
#define LANES 8
#define LOAD(p) _mm512_loadu_pd(p)
#define SPLAT(p) _mm512_set1_pd(*(p))
#define FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#define STORE(p, v) _mm512_storeu_pd(p, v)
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#define DTYPE GAMUT_F64
