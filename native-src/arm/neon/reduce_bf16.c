/* BF16, which is the upper half of an F32. */
#include "reduce_f32.h"

#define NARROW
#define S uint16_t
#define READ(p) vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16))

#define NAME(op, order) gamut_##op##_bf16_##order##neon

#include "../../generic/reduce.inc"
