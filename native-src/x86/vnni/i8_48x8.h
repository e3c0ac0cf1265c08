/* Three vectors of rows by eight columns, on VPDPBUSD: signed rows, unsigned columns. */
#include <immintrin.h>

#include "../../generic/finish_i32.inc"

#define V __m512i
#define LANES 16
#define VECTORS 3
#define NR 8
#define E uint8_t
#define GROUP 4
#define LOAD(p) _mm512_loadu_si512(p)
#define SPLAT(p) _mm512_set1_epi32((int32_t) * (p))
#define DOT(rows, cols, sums) _mm512_dpbusd_epi32(sums, cols, rows)
#define ADD(a, b) _mm512_add_epi32(a, b)
#define MUL(a, x) _mm512_mullo_epi32(a, _mm512_set1_epi32(x))
#define SET(x) _mm512_set1_epi32(x)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define SHIFTED 1

#define DTYPE GAMUT_I32
#define KC 1024
#define MC 480
#define NC 3072
#define STEP (1 << 25)
