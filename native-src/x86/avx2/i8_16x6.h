/*
 * Two vectors of rows by six columns, on VPMADDWD, which adds the products of pairs of words: exact for bytes of either sign, as the products of
 * pairs of bytes (VPMADDUBSW) are not, which saturate at 16 bits. Both take as many multiplications of the unit, so nothing is lost where it is
 * the bound (AMD Zen 3: two a cycle, beside two additions).
 */
#include <immintrin.h>

#include "../../generic/finish_i32.inc"
#include "meet.h"

/* Of words, not __m256i: see ../vnni/i8_48x8.h. */
typedef uint32_t words __attribute__((vector_size(32)));

#define V words
#define LANES 8
#define VECTORS 2
#define NR 6
#define E uint16_t
#define GROUP 2
#define SRC uint8_t
#define WIDEN(x, with_sign) ((uint16_t)((with_sign) ? (int8_t)(x) : (x)))
#define LOAD(p) ((V)_mm256_loadu_si256((const __m256i *)(p)))
#define SPLAT(p) SET((int32_t) * (p))
#define ADD(a, b) ((a) + (b))
#define DOT(rows, cols, sums) ADD(sums, (V)_mm256_madd_epi16((__m256i)(rows), (__m256i)(cols)))
#define SET(x) ((V)_mm256_set1_epi32(x))
#define PACK_LANES pack_words
#define MEET_LINES meet
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), (__m256i)(v))
#define SHIFTED 0

#define DTYPE GAMUT_I32
#define KC 512
#define MC 240
#define NC 3072
#define STEP (1 << 24)
