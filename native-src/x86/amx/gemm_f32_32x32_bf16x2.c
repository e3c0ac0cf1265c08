/* F32 as two terms of BF16. */
#define TERMS 2
#define T float
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#define DTYPE GAMUT_F32
#define SYMBOL gamut_gemm_f32_32x32_amxbf16x2
#include "terms.inc"
