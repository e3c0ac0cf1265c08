/* Signed bytes times signed ones: the tile of the F32 kernel on VPDPBUSD, which adds four products to each sum. */
#include "i8_48x8.h"

#define SYMBOL gamut_gemm_s8s8_48x8_vnni
#define A_DTYPE GAMUT_I8
#define B_DTYPE GAMUT_I8

#include "../../generic/dot.inc"
