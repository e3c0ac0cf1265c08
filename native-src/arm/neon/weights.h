/* Vectors of 4 floats; a weight is shifted up and, with its sign, down. */
#include <arm_neon.h>

#define V float32x4_t
#define W int32x4_t
#define LANES 4
#define ZERO() vdupq_n_f32(0)
#define LOAD(p) vld1q_f32(p)
#define FMA(a, b, c) vfmaq_f32(c, a, b)
#define MUL(a, b) vmulq_f32(a, b)
#define SUB(a, b) vsubq_f32(a, b)
#define SUM(v) vaddvq_f32(v)
#define WORDS(p) vreinterpretq_s32_u8(vld1q_u8(p))
#define UNPACK(words, j) vcvtq_f32_s32(vshrq_n_s32(vshlq_s32(words, vdupq_n_s32(32 - BITS * ((j) + 1))), 32 - BITS))
#define FACTORS(p, lane) vdupq_n_f32((p)[(lane) / (16 / BLOCKS)])
#define COLUMNS_1 4
#define COLUMNS_2 4
#define COLUMNS_4 2
