/* F16, widened by the CPU. */
#include "reduce_f32.h"

#define NARROW
#define S uint16_t
#define READ(p) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))

#define NAME(op, order) gamut_##op##_f16_##order##neon

#include "../../generic/reduce.inc"
