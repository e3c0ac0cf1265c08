/*
 * Products of F64 and F32 by residues on AMX. Operands that lie as panels want them become residues in one pass from where they lie; sums of
 * a tile become bytes while the next tile is multiplied, so that neither goes to memory.
 */
#include "tiles.h"

#include "../rebuild.h"

#include <string.h>

/* Lines of a panel, two tiles, bytes of it for 64 steps, and steps that are laid out together. */
#define SIDE 32
#define PAIR 2048
#define STEPS 512

#include "lines.inc"
#include "remainders.inc"

#define DIRECT
#define MULTIPLY
#define JUDGE judge_amx
#define MULTIPLY_OF(name, of)
#include "../../generic/residue.inc"

RESIDUE_KERNELS(amx, gamut_gemm_s8s8_32x32_amx, STEPS)
