/* Plain C for any CPU, a fused multiply-add at a time: what other kernels are compared with, not what is fast. */
#define T double
#define V double
#define LANES 1
#define VECTORS 8
#define NR 4
#define ZERO() 0
#define LOAD(p) (*(p))
#define SPLAT(p) (*(p))
#define FMA(a, b, c) __builtin_fma(a, b, c)
#define ADD(a, b) ((a) + (b))
#define STORE(p, v) (*(p) = (v))
#define FMA1(a, b, c) __builtin_fma(a, b, c)

#define SYMBOL gamut_gemm_f64_8x4_c
#define DTYPE GAMUT_F64
#define MC 64
#define NC 512
#define STEP (1 << 15)

#include "tile.inc"
