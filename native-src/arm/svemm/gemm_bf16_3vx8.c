/* BF16 on BFMMLA; what that rounds stands in arm/mm/gemm_bf16_12x8.c. */
#include <arm_sve.h>

#define T float
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "../../generic/finish.inc"

#define V svfloat32_t
#define SUFFIX f32
#define E uint16_t
#define GROUP 4
#define MMLA(sum, x, y) svbfmmla_f32(sum, svreinterpret_bf16(x), svreinterpret_bf16(y))

#define SYMBOL gamut_gemm_bf16_3vx8_svebf16
#define A_DTYPE GAMUT_BF16
#define B_DTYPE GAMUT_BF16
#define DTYPE GAMUT_F32
#define KC 512
#define MC 480
#define NC 3072
#define STEP (1 << 23)

#include "vectors.h"

#include "../mmla.inc"
