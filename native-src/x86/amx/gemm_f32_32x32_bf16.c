/* F32 rounded to BF16. */
#define TERMS 1
#define SYMBOL gamut_gemm_f32_32x32_amxbf16
#include "terms.inc"
