/* Products of F64 and F32 by residues: only what multiplies bytes asks for more than NEON. */
#include "../../generic/residue.inc"

RESIDUE_KERNELS(neondot, gamut_gemm_s8s8_12x8_neondot, 1024)
RESIDUE_KERNELS(neoni8mm, gamut_gemm_s8s8_12x8_neoni8mm, 1024)
RESIDUE_KERNELS(svei8mm, gamut_gemm_s8s8_3vx8_svei8mm, 1024)
