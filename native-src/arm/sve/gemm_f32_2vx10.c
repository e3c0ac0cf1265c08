/* F32 for every vector length, see tile.inc. */
#define T float
#define V svfloat32_t
#define WORD w
#define SUFFIX f32
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)

#define SYMBOL gamut_gemm_f32_2vx10_sve
#define DTYPE GAMUT_F32
#define MC 512
#define NC 3000
#define STEP (1 << 21)

#include "tile.inc"
