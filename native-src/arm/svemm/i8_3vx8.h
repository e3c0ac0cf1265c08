/* Bytes on SMMLA and USMMLA, which add eight products to each sum; the first bytes may be unsigned. */
#include <arm_sve.h>

#include "../../generic/finish_i32.inc"

#define T int32_t
#define V svint32_t
#define SUFFIX s32
#define E uint8_t
#define GROUP 8

#define B_DTYPE GAMUT_I8
#define DTYPE GAMUT_I32
#define KC 1024
#define MC 480
#define NC 3072
#define STEP (1 << 24)

#include "vectors.h"
