/* F64 rounded to BF16. */
#include "terms_f64.h"

#define TERMS 1
#define SYMBOL gamut_gemm_f64_32x32_amxbf16
#include "terms.inc"
