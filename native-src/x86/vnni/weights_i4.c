/* Weights of 4 bits: a word has eight neighbours along k, the even ones in the low halves of its bytes. */
#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_vnni
#define DTYPE GAMUT_I4
#define WORDS 4
#define OFFSET 8
#define WIDE 0
#define PLACE(p) ((p) / 8 * 4 + (p) % 8 / 2 + (p) % 2 * 16)
#define UNPACK(v, words)                                                           \
    do {                                                                           \
        const __m512i halves = _mm512_set1_epi8(0x0F);                             \
        const __m512i flip = _mm512_set1_epi8((char)0x88);                         \
        for (int w = 0; w < 4; w++) {                                              \
            __m512i x = _mm512_xor_si512(_mm512_loadu_si512((words) + 16 * w), flip); \
            (v)[w] = _mm512_and_si512(x, halves);                                  \
            (v)[w + 4] = _mm512_and_si512(_mm512_srli_epi32(x, 4), halves);        \
        }                                                                          \
    } while (0)
#define STORE_BYTES(dst, w, x)                                                                               \
    do {                                                                                                     \
        const __m512i halves = _mm512_set1_epi8(0x0F);                                                       \
        __m512i flipped = _mm512_xor_si512(x, _mm512_set1_epi8((char)0x88));                                 \
        uint32_t *to = (dst) + 16 * ((w) / 4 * 8 + (w) % 4);                                                 \
        _mm512_storeu_si512(to, _mm512_and_si512(flipped, halves));                                          \
        _mm512_storeu_si512(to + 4 * 16, _mm512_and_si512(_mm512_srli_epi32(flipped, 4), halves));           \
    } while (0)

#define HALVES 2
#define LINE_BLOCKS 4
#define LANE(l) ((l) / 4)
#define UNPACK_LINE(half, c, v)                                            \
    do {                                                                   \
        const __m512i halves = _mm512_set1_epi8(0x0F);                     \
        __m512i flipped = _mm512_xor_si512(v, _mm512_set1_epi8((char)0x88)); \
        (half)[0][c] = _mm512_and_si512(flipped, halves);                  \
        (half)[1][c] = _mm512_and_si512(_mm512_srli_epi32(flipped, 4), halves); \
    } while (0)

#include "weights.inc"
#include "bytes.inc"
