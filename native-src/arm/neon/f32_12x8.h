/* Three vectors of rows by eight columns: 24 of 32 registers accumulate. */
#include <arm_neon.h>

#define T float
#define V float32x4_t
#define LANES 4
#define VECTORS 3
#define NR 8
#define GROUP 1
#define SET(x) vdupq_n_f32(x)
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)
#define ADD(a, b) vaddq_f32(a, b)
#define ZERO() vdupq_n_f32(0)
#define SPLAT(p) vld1q_dup_f32(p)
#define FMA(a, b, c) vfmaq_f32(c, a, b)
#define ROWS(p, v) vld1q_f32((p) + (v) * LANES)
#define FACTORS(p) vld1q_f32(p)
#define PICK 4
#define MULTIPLY_ADD(sum, row, factors, i) vfmaq_laneq_f32(sum, row, factors, i)
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#define MULTIPLY "../arm/multiply.inc"

#define DTYPE GAMUT_F32
#define MC 480
#define NC 3072
#define STEP (1 << 21)
