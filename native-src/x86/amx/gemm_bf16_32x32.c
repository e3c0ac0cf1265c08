/* BF16 on AMX: sums in F32, even and odd steps apart; numbers below the normal range count as 0, operands and sums alike. */
#define T float
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "../../generic/finish.inc"

#define E uint16_t
#define DOT_A(c, cols, rows) tile_dot_bf16(c, cols, rows)
#define DOT_B(c, cols, rows) tile_dot_bf16(c, cols, rows)

#define SYMBOL gamut_gemm_bf16_32x32_amx
#define A_DTYPE GAMUT_BF16
#define B_DTYPE GAMUT_BF16
#define DTYPE GAMUT_F32
#define KC 512
#define MC 512
#define NC 2048
#define STEP (1 << 26)

#include "tile.inc"
