/* Products of F64 and F32 by residues on VPDPBUSD. */
#include "../rebuild.h"

#include "../../generic/residue.inc"

RESIDUE_KERNELS(vnni, gamut_gemm_s8s8_48x8_vnni, 1024)
