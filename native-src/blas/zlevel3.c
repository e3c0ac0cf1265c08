/* GEMM of complex numbers in F64. */
#define T double
#define TYPE GAMUT_F64
#define LETTER "Z"
#define NAME(routine) z##routine

#include "complex.inc"
