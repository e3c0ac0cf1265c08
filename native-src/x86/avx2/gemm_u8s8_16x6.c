/* Unsigned bytes times signed ones, as words: the tile of the F32 kernel. */
#include "i8_16x6.h"

#define SYMBOL gamut_gemm_u8s8_16x6_avx2
#define A_DTYPE GAMUT_U8
#define B_DTYPE GAMUT_I8

#include "../../generic/dot.inc"
