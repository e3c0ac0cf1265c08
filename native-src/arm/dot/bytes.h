/* Several rows on SDOT: 16 columns in lanes, four steps of each, with four steps of a row. */
#include "../bytes.h"

INLINE void lay_group(quad q[4], uint32_t *dst, int line) {
    quad_transpose(q);
    for (int w = 0; w < 4; w++) {
#if BITS == 4
        quad_store(dst + 16 * w + line, quad_low(q[w]));
        quad_store(dst + 16 * (w + 4) + line, quad_high(q[w]));
#else
        quad_store(dst + 16 * w + line, q[w]);
#endif
    }
}

typedef struct block_sums {
    int32x4_t of[4][4];
} block_sums;

INLINE void start_sums(block_sums *s, int i, int32_t x) {
    for (int n = 0; n < 4; n++) {
        s->of[i][n] = vdupq_n_s32(x);
    }
}

INLINE int32x4_t sums_of(const block_sums *s, int i, int n) {
    return s->of[i][n];
}

/* Four steps: which of a row's 16 is part of the instruction. */
#define STEPS(s, words, x, rows, lane)                                                          \
    do {                                                                                        \
        for (int n = 0; n < 4; n++) {                                                           \
            const int8x16_t w = vreinterpretq_s8_u8(quad_load((words) + 16 * (lane) + 4 * n)); \
            for (int i = 0; i < rows; i++) {                                                    \
                (s)->of[i][n] = vdotq_laneq_s32((s)->of[i][n], w, (x)[i], lane);                \
            }                                                                                   \
        }                                                                                       \
    } while (0)

INLINE void add_block(block_sums *s, const uint32_t *weights, const int8_t *codes, int64_t stride, int rows) {
    for (int half = 0; half < 2; half++, weights += 4 * 16, codes += 16) {
        int8x16_t x[4];
        for (int i = 0; i < rows; i++) {
            x[i] = vld1q_s8(codes + i * stride);
        }
        STEPS(s, weights, x, rows, 0);
        STEPS(s, weights, x, rows, 1);
        STEPS(s, weights, x, rows, 2);
        STEPS(s, weights, x, rows, 3);
    }
}
