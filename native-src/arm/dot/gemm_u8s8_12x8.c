/* Unsigned bytes times signed ones, see the header: the unsigned ones are shifted. */
#include "i8_12x8.h"

#define SYMBOL gamut_gemm_u8s8_12x8_neondot
#define A_DTYPE GAMUT_U8
#define SHIFTED 1

#include "../../generic/dot.inc"
