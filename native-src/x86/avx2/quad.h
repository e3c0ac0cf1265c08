/* 16 bytes, for generic/quad.inc and generic/chunk.inc. */
#include <immintrin.h>

typedef __m128i quad;

#define quad_load(p) _mm_loadu_si128((const __m128i *)(p))
#define quad_store(p, q) _mm_storeu_si128((__m128i *)(p), q)

static inline __attribute__((always_inline, unused)) void quad_transpose(quad q[4]) {
    quad a = _mm_unpacklo_epi32(q[0], q[1]), b = _mm_unpacklo_epi32(q[2], q[3]);
    quad c = _mm_unpackhi_epi32(q[0], q[1]), d = _mm_unpackhi_epi32(q[2], q[3]);
    q[0] = _mm_unpacklo_epi64(a, b);
    q[1] = _mm_unpackhi_epi64(a, b);
    q[2] = _mm_unpacklo_epi64(c, d);
    q[3] = _mm_unpackhi_epi64(c, d);
}
