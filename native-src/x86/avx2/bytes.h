/*
 * Dot products of bytes without instructions for them: pairs of products of 16 bits. Of 4 bits eight pairs of them, 16 times 15 times 128,
 * have a sum of 16 bits, so that a block is widened once; of 8 bits operands are widened, the bytes at even places and those at odd ones.
 * Included by a file that defines BITS.
 */
#include "quad.h"

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define LANES 8
#define V __m256
#define I __m256i
#define load_floats(p) _mm256_loadu_ps(p)
#define store_floats(p, v) _mm256_storeu_ps(p, v)
#define set_floats(x) _mm256_set1_ps(x)
#define load_integers(p) _mm256_loadu_si256((const __m256i *)(p))
#define to_floats(i) _mm256_cvtepi32_ps(i)
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define FNMA(a, b, c) _mm256_fnmadd_ps(a, b, c)
#define MUL(a, b) _mm256_mul_ps(a, b)

INLINE float add_floats(__m256 v) {
    __m128 x = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    x = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
}

INLINE void lay_group(quad q[4], uint32_t *dst, int line) {
    quad_transpose(q);
    for (int w = 0; w < 4; w++) {
#if BITS == 4
        const quad halves = _mm_set1_epi8(0x0F), flipped = _mm_xor_si128(q[w], _mm_set1_epi8((char)0x88));
        quad_store(dst + 16 * w + line, _mm_and_si128(flipped, halves));
        quad_store(dst + 16 * (w + 4) + line, _mm_and_si128(_mm_srli_epi16(flipped, 4), halves));
#else
        quad_store(dst + 16 * w + line, q[w]);
#endif
    }
}

typedef struct block_sums {
    __m256i of[4][2];
} block_sums;

INLINE void start_sums(block_sums *s, int i, int32_t x) {
    s->of[i][0] = s->of[i][1] = _mm256_set1_epi32(x);
}

INLINE __m256i sums_of(const block_sums *s, int i, int n) {
    return s->of[i][n];
}

INLINE __m256i four_of(const int8_t *codes) {
    int32_t four;
    __builtin_memcpy(&four, codes, sizeof four);
    return _mm256_set1_epi32(four);
}

#if BITS == 4

INLINE __m256i add_pairs(__m256i sum, __m256i pairs) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

INLINE void add_block(block_sums *s, const uint32_t *weights, const int8_t *codes, int64_t stride, int rows) {
    __m256i pairs[4][2];
    for (int i = 0; i < rows; i++) {
        pairs[i][0] = pairs[i][1] = _mm256_setzero_si256();
    }
#pragma GCC unroll 8
    for (int j = 0; j < 8; j++) {
        const __m256i w0 = load_integers(weights + 16 * j), w1 = load_integers(weights + 16 * j + 8);
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            const __m256i four = four_of(codes + i * stride + 4 * j);
            pairs[i][0] = _mm256_add_epi16(pairs[i][0], _mm256_maddubs_epi16(w0, four));
            pairs[i][1] = _mm256_add_epi16(pairs[i][1], _mm256_maddubs_epi16(w1, four));
        }
    }
    for (int i = 0; i < rows; i++) {
        s->of[i][0] = add_pairs(s->of[i][0], pairs[i][0]);
        s->of[i][1] = add_pairs(s->of[i][1], pairs[i][1]);
    }
}

INLINE __m256i add_line(__m256i dot, const uint8_t *w, const int8_t *codes) {
    const __m256i halves = _mm256_set1_epi8(0x0F), flipped = _mm256_xor_si256(load_integers(w), _mm256_set1_epi8((char)0x88));
    __m256i low = _mm256_maddubs_epi16(_mm256_and_si256(flipped, halves), load_integers(codes));
    __m256i high = _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(flipped, 4), halves), load_integers(codes + 64));
    return add_pairs(dot, _mm256_add_epi16(low, high));
}

/* Four lanes are of one block. */
#define FACTOR(scales, n) _mm256_set_m128(_mm_set1_ps((scales)[2 * (n) + 1]), _mm_set1_ps((scales)[2 * (n)]))

#else

INLINE __m256i even_of(__m256i bytes) {
    return _mm256_srai_epi16(_mm256_slli_epi16(bytes, 8), 8);
}

INLINE __m256i odd_of(__m256i bytes) {
    return _mm256_srai_epi16(bytes, 8);
}

INLINE __m256i add_pairs(__m256i sum, __m256i even, __m256i x_even, __m256i odd, __m256i x_odd) {
    return _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_madd_epi16(even, x_even), _mm256_madd_epi16(odd, x_odd)));
}

INLINE void add_block(block_sums *s, const uint32_t *weights, const int8_t *codes, int64_t stride, int rows) {
    for (int j = 0; j < 8; j++) {
        const __m256i w0 = load_integers(weights + 16 * j), w1 = load_integers(weights + 16 * j + 8);
        const __m256i even0 = even_of(w0), odd0 = odd_of(w0), even1 = even_of(w1), odd1 = odd_of(w1);
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            const __m256i four = four_of(codes + i * stride + 4 * j), even = even_of(four), odd = odd_of(four);
            s->of[i][0] = add_pairs(s->of[i][0], even0, even, odd0, odd);
            s->of[i][1] = add_pairs(s->of[i][1], even1, even, odd1, odd);
        }
    }
}

INLINE __m256i add_line(__m256i dot, const uint8_t *w, const int8_t *codes) {
    const __m256i weights = load_integers(w), x = load_integers(codes);
    return add_pairs(dot, even_of(weights), even_of(x), odd_of(weights), odd_of(x));
}

/* Eight lanes are of one block. */
#define FACTOR(scales, n) _mm256_set1_ps((scales)[n])

#endif
