/* Three vectors of rows by eight columns, on VPDPBUSD: signed rows, unsigned columns. */
#include "../lanes.h"

#include "../../generic/finish_i32.inc"
#include "meet.h"

/* Of words, not __m512i: GCC 12 keeps sums of that type on the stack where they are added to C after the loop. */
typedef uint32_t words __attribute__((vector_size(64)));

#define V words
#define LANES 16
#define VECTORS 3
#define NR 8
#define E uint8_t
#define GROUP 4
#define LOAD(p) ((V)_mm512_loadu_si512(p))
#define SPLAT(p) SET((int32_t) * (p))
#define DOT(rows, cols, sums) ((V)_mm512_dpbusd_epi32((__m512i)(sums), (__m512i)(cols), (__m512i)(rows)))
#define ADD(a, b) ((a) + (b))
#define MUL(a, x) ((a) * (uint32_t)(x))
#define SET(x) ((V)_mm512_set1_epi32(x))
#define PACK_LANES pack_lanes
#define MEET_LINES meet
#define STORE(p, v) _mm512_storeu_si512(p, (__m512i)(v))
#define SHIFTED 1

#define DTYPE GAMUT_I32
#define KC 1024
#define MC 480
#define NC 3072
#define STEP (1 << 25)
