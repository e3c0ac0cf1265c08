/* Bytes for every vector length, on SDOT, which adds four products to each sum and is part of SVE: signed rows and columns. */
#include <arm_sve.h>

#define T int32_t
#define V svint32_t
#define WORD w
#define SUFFIX s32
#define E uint8_t
#define GROUP 4
#define MULTIPLY_ADD(sum, row, factors, i) svdot_s32(sum, svreinterpret_s8_s32(row), svreinterpret_s8_s32(factors))
#define SIGNED_COLS 1

#define B_DTYPE GAMUT_I8
#define DTYPE GAMUT_I32
#define KC 1024
#define MC 480
#define NC 3072
#define STEP (1 << 23)

#include "vectors.h"

#include "../../generic/finish_i32.inc"
