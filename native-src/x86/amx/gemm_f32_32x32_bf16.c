/* F32 rounded to BF16. */
#define TERMS 1
#define T float
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#define DTYPE GAMUT_F32
#define SYMBOL gamut_gemm_f32_32x32_amxbf16
#include "terms.inc"
