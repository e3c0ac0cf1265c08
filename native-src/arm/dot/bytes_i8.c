/* Activations that are bytes with weights of 8 bits. */
#define SYMBOL(a, c) gamut_weights_##a##_i8_##c##_neondot
#define DTYPE GAMUT_I8
#define BITS 8
#define OFFSET 0
#include "bytes.h"

#include "../../generic/bytes.inc"
