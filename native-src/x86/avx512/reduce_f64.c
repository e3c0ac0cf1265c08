/* Eight vectors are the 64 lanes of tree64. */
#include <immintrin.h>

#define T double
#define S double
#define V __m512d
#define LANES 8
#define TOGETHER 8
#define ZERO() _mm512_setzero_pd()
#define SPLAT(x) _mm512_set1_pd(x)
#define LOAD(p) _mm512_loadu_pd(p)
#define READ(p) _mm512_loadu_pd(p)
#define STORE(p, v) _mm512_storeu_pd(p, v)
#define ADD(a, b) _mm512_add_pd(a, b)
#define MUL(a, b) _mm512_mul_pd(a, b)
#define FMA(a, b, c) _mm512_fmadd_pd(a, b, c)
#define ABS(a) _mm512_abs_pd(a)

#define EXACT 0
#define MIN(a, b) _mm512_min_pd(b, a)
#define MAX(a, b) _mm512_max_pd(b, a)
#define FLAGS __mmask8
#define UNORDERED(f, a, b) _kor_mask8(f, _mm512_cmp_pd_mask(a, b, _CMP_UNORD_Q))
#define ANY(f) ((f) != 0)
#define BITS(v) _mm512_castpd_si512(v)
#define EITHER(s, a, b) _mm512_castsi512_pd(_mm512_ternarylogic_epi64(BITS(s), BITS(a), BITS(b), 0xFE))
#define BOTH(s, a, b) _mm512_castsi512_pd(_mm512_ternarylogic_epi64(BITS(s), BITS(a), BITS(b), 0x80))

#define TYPE GAMUT_F64
#define NAME(op, order) gamut_##op##_f64_##order##avx512

#include "../../generic/reduce.inc"
