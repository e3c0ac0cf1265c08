/* The reductions of one instruction set, for each element type; see reduce.h for what must be defined. */
#define T double
#define TYPE f64
#define X86_TYPE pd
#include "reduce.h"
#undef T
#undef TYPE
#undef X86_TYPE
#define T float
#define TYPE f32
#define X86_TYPE ps
#include "reduce.h"
#undef T
#undef TYPE
#undef X86_TYPE
#undef ISA
#undef X86_ISA
#undef TARGET
#undef BYTES
