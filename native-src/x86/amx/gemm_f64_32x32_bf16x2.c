/* F64 as two terms of BF16. */
#include "terms_f64.h"

#define TERMS 2
#define SYMBOL gamut_gemm_f64_32x32_amxbf16x2
#include "terms.inc"
