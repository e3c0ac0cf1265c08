/* F64 rounded to BF16. */
#define TERMS 1
#define T double
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#define DTYPE GAMUT_F64
#define SYMBOL gamut_gemm_f64_32x32_amxbf16
#include "terms.inc"
