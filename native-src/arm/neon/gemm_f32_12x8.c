/* F32, see the header. */
#include "f32_12x8.h"

/* A square of four by four. */
static inline void transpose(float32x4_t r[4]) {
    float32x4x2_t a = vtrnq_f32(r[0], r[1]), b = vtrnq_f32(r[2], r[3]);
    r[0] = vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0]));
    r[1] = vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1]));
    r[2] = vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0]));
    r[3] = vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1]));
}

#define TRANSPOSE(r) transpose(r)
#define SYMBOL gamut_gemm_f32_12x8_neon

#include "../../generic/tile.inc"
