/* Bytes on SMMLA and USMMLA, which add eight products to each sum; the first bytes may be unsigned. */
#include <arm_neon.h>

#include "../../generic/finish_i32.inc"
#include "vectors.h"

#define T int32_t
#define V int32x4_t
#define E uint8_t
#define GROUP 8
#define ZERO() vdupq_n_s32(0)
#define LOAD(p) vld1q_s32(p)
#define STORE(p, v) vst1q_s32(p, v)
#define ADD(a, b) vaddq_s32(a, b)
#define UNZIP1(x, y) vuzp1q_s32(x, y)
#define UNZIP2(x, y) vuzp2q_s32(x, y)
#define UNZIP1_PAIRS(x, y) vreinterpretq_s32_s64(vuzp1q_s64(vreinterpretq_s64_s32(x), vreinterpretq_s64_s32(y)))
#define UNZIP2_PAIRS(x, y) vreinterpretq_s32_s64(vuzp2q_s64(vreinterpretq_s64_s32(x), vreinterpretq_s64_s32(y)))

#define B_DTYPE GAMUT_I8
#define DTYPE GAMUT_I32
#define KC 1024
#define MC 480
#define NC 3072
#define STEP (1 << 24)
