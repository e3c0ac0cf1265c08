/* Three vectors of rows by eight columns, on SDOT, which adds four products to each sum: signed rows and columns. */
#include <arm_neon.h>

#include "../../generic/finish_i32.inc"

#define T int32_t
#define V int32x4_t
#define LANES 4
#define VECTORS 3
#define NR 8
#define E uint8_t
#define GROUP 4
#define SET(x) vdupq_n_s32(x)
#define LOAD(p) vld1q_s32(p)
#define STORE(p, v) vst1q_s32(p, v)
#define ADD(a, b) vaddq_s32(a, b)
#define MUL(a, x) vmulq_n_s32(a, x)
#define ROWS(p, v) vld1q_s32((p) + (v) * LANES)
#define FACTORS(p) vld1q_s32(p)
#define PICK 4
#define MULTIPLY_ADD(sum, row, factors, i) vdotq_laneq_s32(sum, vreinterpretq_s8_s32(row), vreinterpretq_s8_s32(factors), i)
#define MULTIPLY "../arm/multiply.inc"
#define SIGNED_COLS 1

#define B_DTYPE GAMUT_I8
#define DTYPE GAMUT_I32
#define KC 1024
#define MC 480
#define NC 3072
#define STEP (1 << 23)
