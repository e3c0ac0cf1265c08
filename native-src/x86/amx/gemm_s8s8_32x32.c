/* Signed bytes times signed ones on AMX: exact sums in 32 bits. */
#include "../../generic/finish_i32.inc"

#define E uint8_t
#define DOT_A(c, cols, rows) tile_dot_ss(c, cols, rows)
#define DOT_B(c, cols, rows) tile_dot_ss(c, cols, rows)

#define SYMBOL gamut_gemm_s8s8_32x32_amx
#define A_DTYPE GAMUT_I8
#define B_DTYPE GAMUT_I8
#define DTYPE GAMUT_I32
#define KC 1024
#define MC 512
#define NC 2048
#define STEP (1 << 27)

#include "tile.inc"
