/*
 * Products of F64 and F32 by residues on AMX. Operands that lie as panels want them become residues in one pass from where they lie; sums of
 * a tile become bytes while the next tile is multiplied, so that neither goes to memory.
 */
#include "tiles.h"

#include "../rebuild.h"

#include <string.h>

/* Rows and columns of a tile, in four of 16, and bytes of a panel for 64 steps. */
#define SIDE 32
#define PAIR 2048

#include "lines.inc"
#include "remainders.inc"

#define DIRECT
#define MULTIPLY
#define MULTIPLY_OF(name, of)
#include "../../generic/residue.inc"

RESIDUE_KERNELS(amx, gamut_gemm_s8s8_32x32_amx, 512)
