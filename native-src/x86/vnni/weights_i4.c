/* Weights of 4 bits: a word has eight neighbours along k, the even ones in the low halves of its bytes. */
#define SYMBOL(a, c) gamut_weights_##a##_i4_##c##_vnni
#define DTYPE GAMUT_I4
#define WORDS 4
#define OFFSET 8
#define WIDE 0
#define STORE_DIGITS(dst, low, high)                                                                       \
    do {                                                                                                   \
        const __m128i apart = _mm_set_epi8(15, 13, 11, 9, 7, 5, 3, 1, 14, 12, 10, 8, 6, 4, 2, 0);          \
        __m128i x = _mm_shuffle_epi8(low, apart), y = _mm_shuffle_epi8(high, apart);                       \
        _mm_storeu_si128((__m128i *)(dst), _mm_unpacklo_epi64(x, y));                                      \
        _mm_storeu_si128((__m128i *)((dst) + 16), _mm_unpackhi_epi64(x, y));                               \
    } while (0)
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
