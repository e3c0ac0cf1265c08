/* F32 rounded to BF16. */
#include "terms_f32.h"

#define TERMS 1
#define SYMBOL gamut_gemm_f32_32x32_amxbf16
#include "terms.inc"
