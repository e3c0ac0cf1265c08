/* Weights of 8 bits. */
#include "weights.h"

#define SYMBOL(a, c) gamut_weights_##a##_i8_##c##_neon
#define DTYPE GAMUT_I8
#define BITS 8

#include "../../generic/weights.inc"
