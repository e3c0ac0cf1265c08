/* Unsigned bytes times signed ones, see the header. */
#include "i8_3vx8.h"

#define MMLA(sum, x, y) svusmmla_s32(sum, x, svreinterpret_s8(y))
#define SYMBOL gamut_gemm_u8s8_3vx8_svei8mm
#define A_DTYPE GAMUT_U8

#include "../mmla.inc"
