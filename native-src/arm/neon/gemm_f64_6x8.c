/* F64, see the header. */
#include "f64_6x8.h"

#define SYMBOL gamut_gemm_f64_6x8_neon

#include "../../generic/tile.inc"
