/* BF16 times BF16 as F32, which holds every number of it: the bits of the order, at the speed of F32. */
#include "f32_3vx8.h"

#define SYMBOL gamut_gemm_bf16_3vx8_sve
#include "../../generic/bf16.h"

#include "../../generic/tile.inc"
