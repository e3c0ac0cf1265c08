/* Vectors of 16 floats. */
#include <immintrin.h>

#define V __m512
#define W __m512i
#define LANES 16
#define ZERO() _mm512_setzero_ps()
#define LOAD(p) _mm512_loadu_ps(p)
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define MUL(a, b) _mm512_mul_ps(a, b)
#define SUB(a, b) _mm512_sub_ps(a, b)
#define SUM(v) _mm512_reduce_add_ps(v)
#define WORDS(p) _mm512_loadu_si512(p)
#define COLUMNS_1 4
#define COLUMNS_2 4
#define COLUMNS_4 2
