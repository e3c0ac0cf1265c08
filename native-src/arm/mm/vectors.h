/* NEON's vectors of lines for arm/mmla.inc. */
#define P uint8x16_t
#define LANES 4
#define ROWS(p, v) vld1q_u8((p) + (v) * 16)
#define COLS(p) vld1q_u8(p)
