/* F32, see the header. */
#include "reduce_f32.h"

#define S float
#define READ(p) LOAD(p)

/* FMIN and FMAX: NaN where one is, and -0 below +0. */
#define EXACT 1
#define MIN(a, b) vminq_f32(a, b)
#define MAX(a, b) vmaxq_f32(a, b)
#define FLAGS int
#define UNORDERED(f, a, b) (f)
#define ANY(f) ((f) != 0)
#define EITHER(s, a, b) ((void)(a), (void)(b), s)
#define BOTH(s, a, b) ((void)(a), (void)(b), s)

#define NAME(op, order) gamut_##op##_f32_##order##neon

#include "../../generic/reduce.inc"
