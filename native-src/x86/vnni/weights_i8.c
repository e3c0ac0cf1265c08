/* Weights of 8 bits: a word has four neighbours along k. */
#define SYMBOL(a, c) gamut_weights_##a##_i8_##c##_vnni
#define DTYPE GAMUT_I8
#define WORDS 8
#define OFFSET 128
#define WIDE 1
#define STORE_DIGITS(dst, low, high)                           \
    do {                                                       \
        _mm_storeu_si128((__m128i *)(dst), low);               \
        _mm_storeu_si128((__m128i *)((dst) + 16), high);       \
    } while (0)
#define UNPACK(v, words)                                                                       \
    do {                                                                                       \
        const __m512i flip = _mm512_set1_epi8((char)0x80);                                     \
        for (int w = 0; w < 8; w++) {                                                          \
            (v)[w] = _mm512_xor_si512(_mm512_loadu_si512((words) + 16 * w), flip);             \
        }                                                                                      \
    } while (0)
#define STORE_BYTES(dst, w, x) _mm512_storeu_si512((dst) + 16 * (w), _mm512_xor_si512(x, _mm512_set1_epi8((char)0x80)))

#define HALVES 1
#define LINE_BLOCKS 2
#define LANE(l) ((l) / 8)
#define UNPACK_LINE(half, c, v) ((half)[0][c] = _mm512_xor_si512(v, _mm512_set1_epi8((char)0x80)))

#include "weights.inc"
#include "bytes.inc"
