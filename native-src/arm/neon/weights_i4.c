/* Weights of 4 bits. */
#include "weights.h"

#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_neon
#define DTYPE GAMUT_I4
#define BITS 4

#include "../../generic/weights.inc"
