/* F32, see the header. */
#include "f32_12x8.h"

#define SYMBOL gamut_gemm_f32_12x8_neon

#include "../../generic/tile.inc"
