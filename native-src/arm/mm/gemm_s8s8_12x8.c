/* Signed bytes times signed ones, see the header. */
#include "i8_12x8.h"

#define MMLA(sum, x, y) vmmlaq_s32(sum, vreinterpretq_s8_u8(x), vreinterpretq_s8_u8(y))
#define SYMBOL gamut_gemm_s8s8_12x8_neoni8mm
#define A_DTYPE GAMUT_I8

#include "../mmla.inc"
