/* F32, see the header. */
#include "f32_16x6.h"
#include "transpose.h"

#define TRANSPOSE(r) transpose_words(r)
#define SYMBOL gamut_gemm_f32_16x6_avx2

#include "../../generic/tile.inc"
