/* Vectors of 8 floats; a weight is shifted up and, with its sign, down. */
#include <immintrin.h>

#define V __m256
#define W __m256i
#define LANES 8
#define ZERO() _mm256_setzero_ps()
#define LOAD(p) _mm256_loadu_ps(p)
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define MUL(a, b) _mm256_mul_ps(a, b)
#define SUB(a, b) _mm256_sub_ps(a, b)
#define SUM(v) sum(v)
#define WORDS(p) _mm256_loadu_si256((const __m256i *)(p))
#define UNPACK(words, j) \
    _mm256_cvtepi32_ps(_mm256_srai_epi32(_mm256_slli_epi32(words, 32 - BITS * ((j) + 1)), 32 - BITS))
#define COLUMNS_1 4
#define COLUMNS_2 2
#define COLUMNS_4 1

static inline float sum(__m256 x) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
