/* BF16 times BF16 as F32, which holds every number of it: the bits of the order, at the speed of F32. */
#include "f32_16x6.h"

#define SYMBOL gamut_gemm_bf16_16x6_avx2
#include "../../generic/bf16.h"

#include "../../generic/tile.inc"
