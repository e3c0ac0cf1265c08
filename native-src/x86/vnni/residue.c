/* Products of F64 and F32 by residues on VPDPBUSD, and on AMX, whose CPUs have that, too. */
#include "../residue.h"

#include "../../generic/residue.inc"

RESIDUE_KERNELS(vnni, gamut_gemm_s8s8_48x8_vnni)
RESIDUE_KERNELS(amx, gamut_gemm_s8s8_32x32_amx)
