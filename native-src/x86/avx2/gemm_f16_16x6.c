/* F16 times F16 as F32, which holds every number of it: the bits of the order, at the speed of F32. */
#include "f32_16x6.h"

#define SYMBOL gamut_gemm_f16_16x6_avx2
#define SRC uint16_t
#define SRC_DTYPE GAMUT_F16
#define WIDEN1(x) _cvtsh_ss(x)
#define WIDEN16(to, from)                                                              \
    do {                                                                               \
        _mm256_storeu_ps(to, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i_u *)(from)))); \
        _mm256_storeu_ps((to) + 8, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i_u *)((from) + 8)))); \
    } while (0)

#include "../../generic/tile.inc"
