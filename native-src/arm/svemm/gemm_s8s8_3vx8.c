/* Signed bytes times signed ones, see the header. */
#include "i8_3vx8.h"

#define MMLA(sum, x, y) svmmla_s32(sum, svreinterpret_s8(x), svreinterpret_s8(y))
#define SYMBOL gamut_gemm_s8s8_3vx8_svei8mm
#define A_DTYPE GAMUT_I8

#include "../mmla.inc"
