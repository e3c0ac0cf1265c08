/* Activations that are bytes with weights of 4 bits. */
#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_neondot
#define DTYPE GAMUT_I4
#define BITS 4
#define OFFSET 8
#include "bytes.h"

#include "../../generic/bytes.inc"
