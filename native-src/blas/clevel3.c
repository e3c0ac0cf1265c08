/* GEMM of complex numbers in F32. */
#define T float
#define TYPE GAMUT_F32
#define LETTER "C"
#define NAME(routine) c##routine

#include "complex.inc"
