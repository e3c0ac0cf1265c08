/* F64 for every vector length. */
#include <arm_sve.h>

#define T double
#define V svfloat64_t
#define WORD d
#define SUFFIX f64
#define GROUP 1
#define MULTIPLY_ADD(sum, row, factors, i) svmla_x(ALL, sum, row, factors)
#define FMA1(a, b, c) __builtin_fma(a, b, c)

#define SYMBOL gamut_gemm_f64_3vx8_sve
#define DTYPE GAMUT_F64
#define MC 240
#define NC 3072
#define STEP (1 << 21)

#include "vectors.h"

#include "../../generic/tile.inc"
