/* Vectors of F32 for reductions: 16 are the 64 lanes of tree64. */
#include <arm_neon.h>

#define T float
#define V float32x4_t
#define LANES 4
#define TOGETHER 16
#define ZERO() vdupq_n_f32(0)
#define SPLAT(x) vdupq_n_f32(x)
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)
#define ADD(a, b) vaddq_f32(a, b)
#define MUL(a, b) vmulq_f32(a, b)
#define FMA(a, b, c) vfmaq_f32(c, a, b)
#define ABS(a) vabsq_f32(a)

#define TYPE GAMUT_F32
