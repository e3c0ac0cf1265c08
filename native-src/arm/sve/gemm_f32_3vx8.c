/* F32, see the header. */
#include "f32_3vx8.h"

#define SYMBOL gamut_gemm_f32_3vx8_sve

#include "../../generic/tile.inc"
