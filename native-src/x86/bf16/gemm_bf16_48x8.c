/*
 * The tile of the F32 kernel on VDPBF16PS, which adds two products to each sum: the rounding is that of two multiply-adds, but numbers
 * below the normal range count as 0, operands and sums alike.
 */
#include "../lanes.h"

#define T float
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "../../generic/finish.inc"

#define V __m512
#define LANES 16
#define VECTORS 3
#define NR 8
#define E uint16_t
#define GROUP 2
#define LOAD(p) _mm512_loadu_ps(p)
#define SPLAT(p) _mm512_castsi512_ps(_mm512_set1_epi32((int32_t) * (p)))
#define DOT(rows, cols, sums) _mm512_dpbf16_ps(sums, (__m512bh)(rows), (__m512bh)(cols))
#define ADD(a, b) _mm512_add_ps(a, b)
#define SET(x) _mm512_set1_ps(x)
#define PACK_LANES pack_lanes
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define SHIFTED 0

#define SYMBOL gamut_gemm_bf16_48x8_avx512bf16
#define A_DTYPE GAMUT_BF16
#define B_DTYPE GAMUT_BF16
#define DTYPE GAMUT_F32
#define KC 512
#define MC 480
#define NC 3072
#define STEP (1 << 24)

#include "../../generic/dot.inc"
