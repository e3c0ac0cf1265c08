/*
 * Vectors of four lanes for products of weights with activations that are bytes, and lines of them on SDOT. Included by the headers of the
 * kernels that differ in how they multiply several rows; BITS is defined then.
 */
#include <arm_neon.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define LANES 4
#define V float32x4_t
#define I int32x4_t
#define load_floats(p) vld1q_f32(p)
#define store_floats(p, v) vst1q_f32(p, v)
#define set_floats(x) vdupq_n_f32(x)
#define load_integers(p) vld1q_s32(p)
#define to_floats(i) vcvtq_f32_s32(i)
#define FMA(a, b, c) vfmaq_f32(c, a, b)
#define FNMA(a, b, c) vfmsq_f32(c, a, b)
#define MUL(a, b) vmulq_f32(a, b)
#define add_floats(v) vaddvq_f32(v)

typedef uint8x16_t quad;

#define quad_load(p) vld1q_u8((const uint8_t *)(p))
#define quad_store(p, q) vst1q_u8((uint8_t *)(p), q)

INLINE void quad_transpose(quad q[4]) {
    uint32x4_t a = vreinterpretq_u32_u8(q[0]), b = vreinterpretq_u32_u8(q[1]), c = vreinterpretq_u32_u8(q[2]), d = vreinterpretq_u32_u8(q[3]);
    uint64x2_t low = vreinterpretq_u64_u32(vzip1q_u32(a, b)), high = vreinterpretq_u64_u32(vzip2q_u32(a, b));
    uint64x2_t low2 = vreinterpretq_u64_u32(vzip1q_u32(c, d)), high2 = vreinterpretq_u64_u32(vzip2q_u32(c, d));
    q[0] = vreinterpretq_u8_u64(vzip1q_u64(low, low2));
    q[1] = vreinterpretq_u8_u64(vzip2q_u64(low, low2));
    q[2] = vreinterpretq_u8_u64(vzip1q_u64(high, high2));
    q[3] = vreinterpretq_u8_u64(vzip2q_u64(high, high2));
}

#if BITS == 4

/* Weights plus 8, which are positive: a flip of their highest bit. */
INLINE quad quad_low(quad q) {
    return vandq_u8(veorq_u8(q, vdupq_n_u8(0x08)), vdupq_n_u8(0x0F));
}

INLINE quad quad_high(quad q) {
    return vshrq_n_u8(veorq_u8(q, vdupq_n_u8(0x80)), 4);
}

INLINE int32x4_t add_line(int32x4_t dot, const uint8_t *w, const int8_t *codes) {
    const quad q = quad_load(w);
    dot = vdotq_s32(dot, vreinterpretq_s8_u8(quad_low(q)), vld1q_s8(codes));
    return vdotq_s32(dot, vreinterpretq_s8_u8(quad_high(q)), vld1q_s8(codes + 64));
}

#define FACTOR(scales, n) vdupq_n_f32((scales)[n])

#else

INLINE int32x4_t add_line(int32x4_t dot, const uint8_t *w, const int8_t *codes) {
    return vdotq_s32(dot, vreinterpretq_s8_u8(quad_load(w)), vld1q_s8(codes));
}

/* Two vectors are of one block. */
#define FACTOR(scales, n) vdupq_n_f32((scales)[(n) / 2])

#endif
