/* Several rows on SMMLA: eight steps of two rows with eight of two columns, which lie side by side. A row alone is multiplied twice. */
#include "../bytes.h"

/* A pair of columns' 16 steps, the first eight of both and then the others, 8 pairs between. */
INLINE void lay_pair(quad a, quad b, uint32_t *dst) {
    const uint64x2_t x = vreinterpretq_u64_u8(a), y = vreinterpretq_u64_u8(b);
    quad_store(dst, vreinterpretq_u8_u64(vzip1q_u64(x, y)));
    quad_store(dst + 8 * 4, vreinterpretq_u8_u64(vzip2q_u64(x, y)));
}

INLINE void lay_group(quad q[4], uint32_t *dst, int line) {
    for (int l = 0; l < 4; l += 2) {
        uint32_t *to = dst + (line + l) / 2 * 4;
#if BITS == 4
        lay_pair(quad_low(q[l]), quad_low(q[l + 1]), to);
        lay_pair(quad_high(q[l]), quad_high(q[l + 1]), to + 2 * 8 * 4);
#else
        lay_pair(q[l], q[l + 1], to);
#endif
    }
}

/* Two rows by two columns in a vector. */
typedef struct block_sums {
    int32x4_t of[2][8];
} block_sums;

INLINE void start_sums(block_sums *s, int i, int32_t x) {
    for (int pair = 0; pair < 8; pair++) {
        int32x2_t both = vdup_n_s32(x);
        s->of[i / 2][pair] = i % 2 == 0 ? vcombine_s32(both, both) : vcombine_s32(vget_low_s32(s->of[i / 2][pair]), both);
    }
}

INLINE int32x4_t sums_of(const block_sums *s, int i, int n) {
    const int32x4_t a = s->of[i / 2][2 * n], b = s->of[i / 2][2 * n + 1];
    return i % 2 == 0 ? vcombine_s32(vget_low_s32(a), vget_low_s32(b)) : vcombine_s32(vget_high_s32(a), vget_high_s32(b));
}

INLINE void add_block(block_sums *s, const uint32_t *weights, const int8_t *codes, int64_t stride, int rows) {
    for (int eight = 0; eight < 4; eight++, weights += 8 * 4, codes += 8) {
        int8x16_t x[2];
        for (int i = 0; i < rows; i += 2) {
            const int8_t *second = codes + (i + 1 < rows ? i + 1 : i) * stride;
            x[i / 2] = vcombine_s8(vld1_s8(codes + i * stride), vld1_s8(second));
        }
        for (int pair = 0; pair < 8; pair++) {
            const int8x16_t w = vreinterpretq_s8_u8(quad_load(weights + 4 * pair));
            for (int i = 0; i < rows; i += 2) {
                s->of[i / 2][pair] = vmmlaq_s32(s->of[i / 2][pair], x[i / 2], w);
            }
        }
    }
}
