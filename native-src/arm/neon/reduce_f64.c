/* 32 vectors are the 64 lanes of tree64: half of them at a time, since there are 32 registers. */
#include <arm_neon.h>

#define T double
#define S double
#define V float64x2_t
#define LANES 2
#define TOGETHER 16
#define ZERO() vdupq_n_f64(0)
#define SPLAT(x) vdupq_n_f64(x)
#define LOAD(p) vld1q_f64(p)
#define READ(p) vld1q_f64(p)
#define STORE(p, v) vst1q_f64(p, v)
#define ADD(a, b) vaddq_f64(a, b)
#define MUL(a, b) vmulq_f64(a, b)
#define FMA(a, b, c) vfmaq_f64(c, a, b)
#define ABS(a) vabsq_f64(a)

/* FMIN and FMAX: NaN where one is, and -0 below +0. */
#define EXACT 1
#define MIN(a, b) vminq_f64(a, b)
#define MAX(a, b) vmaxq_f64(a, b)
#define FLAGS int
#define UNORDERED(f, a, b) (f)
#define ANY(f) ((f) != 0)
#define EITHER(s, a, b) ((void)(a), (void)(b), s)
#define BOTH(s, a, b) ((void)(a), (void)(b), s)

#define TYPE GAMUT_F64
#define NAME(op, order) gamut_##op##_f64_##order##neon

#include "../../generic/reduce.inc"
