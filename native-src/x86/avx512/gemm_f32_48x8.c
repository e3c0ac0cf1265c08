/* F32, see the header. */
#include "f32_48x8.h"

#define SYMBOL gamut_gemm_f32_48x8_avx512

#include "../../generic/tile.inc"
