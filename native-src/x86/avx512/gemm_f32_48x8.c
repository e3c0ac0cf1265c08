/* F32, see the header. */
#include "../lanes.h"
#include "f32_48x8.h"

#define TRANSPOSE(r) transpose_square((__m512i *)(r))
#define SYMBOL gamut_gemm_f32_48x8_avx512

#include "../../generic/tile.inc"
