/* Three vectors of rows by eight columns: 24 of 32 registers accumulate. */
#include <arm_neon.h>

#define T double
#define V float64x2_t
#define LANES 2
#define VECTORS 3
#define NR 8
#define GROUP 1
#define SET(x) vdupq_n_f64(x)
#define LOAD(p) vld1q_f64(p)
#define STORE(p, v) vst1q_f64(p, v)
#define ADD(a, b) vaddq_f64(a, b)
#define ZERO() vdupq_n_f64(0)
#define SPLAT(p) vld1q_dup_f64(p)
#define FMA(a, b, c) vfmaq_f64(c, a, b)
#define ROWS(p, v) vld1q_f64((p) + (v) * LANES)
#define FACTORS(p) vld1q_f64(p)
#define PICK 2
#define MULTIPLY_ADD(sum, row, factors, i) vfmaq_laneq_f64(sum, row, factors, i)
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#define MULTIPLY "../arm/multiply.inc"

#define DTYPE GAMUT_F64
#define MC 240
#define NC 3072
#define STEP (1 << 21)
