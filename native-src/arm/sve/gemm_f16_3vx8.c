/* F16 times F16 as F32, which holds every number of it: the bits of the order, at the speed of F32. */
#include "f32_3vx8.h"

#define SYMBOL gamut_gemm_f16_3vx8_sve
#define SRC _Float16
#define SRC_DTYPE GAMUT_F16
#define WIDEN1(x) ((float)(x))

#include "../../generic/tile.inc"
