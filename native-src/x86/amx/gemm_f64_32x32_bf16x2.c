/* F64 as two terms of BF16. */
#define TERMS 2
#define T double
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#define DTYPE GAMUT_F64
#define SYMBOL gamut_gemm_f64_32x32_amxbf16x2
#include "terms.inc"
