/* BF16 times BF16 as F32, which holds every number of it: the bits of the order, at the speed of F32. */
#include "f32_12x8.h"

#define SYMBOL gamut_gemm_bf16_12x8_neon
#include "../../generic/bf16.h"

#include "../../generic/tile.inc"
