/* F64 for every vector length, see tile.inc. */
#define T double
#define V svfloat64_t
#define WORD d
#define SUFFIX f64
#define FMA1(a, b, c) __builtin_fma(a, b, c)

#define SYMBOL gamut_gemm_f64_2vx10_sve
#define DTYPE GAMUT_F64
#define MC 256
#define NC 3000
#define STEP (1 << 21)

#include "tile.inc"
