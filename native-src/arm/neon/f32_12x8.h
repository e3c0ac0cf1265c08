/* Three vectors of rows by eight columns: 24 of 32 registers accumulate. */
#include <arm_neon.h>

#define T float
#define V float32x4_t
#define LANES 4
#define VECTORS 3
#define NR 8
#define ZERO() vdupq_n_f32(0)
#define LOAD(p) vld1q_f32(p)
#define SPLAT(p) vdupq_n_f32(*(p))
#define FMA(a, b, c) vfmaq_f32(c, a, b)
#define ADD(a, b) vaddq_f32(a, b)
#define STORE(p, v) vst1q_f32(p, v)
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)

#define DTYPE GAMUT_F32
#define MC 480
#define NC 3072
#define STEP (1 << 21)
