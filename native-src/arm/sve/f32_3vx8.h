/* F32 for every vector length. */
#include <arm_sve.h>

#define T float
#define V svfloat32_t
#define WORD w
#define SUFFIX f32
#define GROUP 1
#define MULTIPLY_ADD(sum, row, factors, i) svmla_x(ALL, sum, row, factors)
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)

#define DTYPE GAMUT_F32
#define MC 480
#define NC 3072
#define STEP (1 << 21)

#include "vectors.h"
