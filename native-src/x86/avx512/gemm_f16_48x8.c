/* F16 times F16 as F32, which holds every number of it: the bits of the order, at the speed of F32. */
#include "f32_48x8.h"

#define SYMBOL gamut_gemm_f16_48x8_avx512
#define SRC uint16_t
#define SRC_DTYPE GAMUT_F16
#define WIDEN1(x) _cvtsh_ss(x)
#define WIDEN16(to, from) _mm512_storeu_ps(to, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i_u *)(from))))

#include "../../generic/tile.inc"
