/* Unsigned bytes times signed ones, see the header. */
#include "i8_12x8.h"

#define MMLA(sum, x, y) vusmmlaq_s32(sum, x, vreinterpretq_s8_u8(y))
#define SYMBOL gamut_gemm_u8s8_12x8_neoni8mm
#define A_DTYPE GAMUT_U8

#include "../mmla.inc"
