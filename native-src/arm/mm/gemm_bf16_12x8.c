/*
 * BF16 on BFMMLA, which adds four products to each sum, two and two. It rounds twice for each two products, of two and of the sum, and to
 * odd, which errs by up to a unit in the last place instead of half of one: as much as multiply-adds. Numbers below the normal range
 * count as 0, operands and sums alike. (Arm Architecture Reference Manual, BFMatMulAdd, for FPCR.EBF = 0, as Linux starts programmes.) BFDOT
 * would do half as many products in the same time.
 */
#include <arm_neon.h>

#define T float
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "../../generic/finish.inc"
#include "vectors.h"

#define V float32x4_t
#define E uint16_t
#define GROUP 4
#define ZERO() vdupq_n_f32(0)
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)
#define ADD(a, b) vaddq_f32(a, b)
#define MMLA(sum, x, y) vbfmmlaq_f32(sum, vreinterpretq_bf16_u8(x), vreinterpretq_bf16_u8(y))
#define UNZIP1(x, y) vuzp1q_f32(x, y)
#define UNZIP2(x, y) vuzp2q_f32(x, y)
#define UNZIP1_PAIRS(x, y) vreinterpretq_f32_f64(vuzp1q_f64(vreinterpretq_f64_f32(x), vreinterpretq_f64_f32(y)))
#define UNZIP2_PAIRS(x, y) vreinterpretq_f32_f64(vuzp2q_f64(vreinterpretq_f64_f32(x), vreinterpretq_f64_f32(y)))

#define SYMBOL gamut_gemm_bf16_12x8_neonbf16
#define A_DTYPE GAMUT_BF16
#define B_DTYPE GAMUT_BF16
#define DTYPE GAMUT_F32
#define KC 512
#define MC 480
#define NC 3072
#define STEP (1 << 23)

#include "../mmla.inc"
