/* Signed bytes times signed ones, see the header. */
#include "i8_3vx8.h"

#define SYMBOL gamut_gemm_s8s8_3vx8_sve
#define A_DTYPE GAMUT_I8
#define SHIFTED 0

#include "../../generic/dot.inc"
