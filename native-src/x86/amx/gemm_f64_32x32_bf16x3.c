/* F64 as three terms of BF16. */
#include "terms_f64.h"

#define TERMS 3
#define SYMBOL gamut_gemm_f64_32x32_amxbf16x3
#include "terms.inc"
