/* F64, see the header. */
#include "f64_6x8.h"

/* A square of two by two. */
static inline void transpose(float64x2_t r[2]) {
    float64x2_t low = vzip1q_f64(r[0], r[1]);
    r[1] = vzip2q_f64(r[0], r[1]);
    r[0] = low;
}

#define TRANSPOSE(r) transpose(r)
#define SYMBOL gamut_gemm_f64_6x8_neon

#include "../../generic/tile.inc"
