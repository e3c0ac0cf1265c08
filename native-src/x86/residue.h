/*
 * Residues by VPDPBUSD: an integer's bytes, taken as unsigned ones, times 256^b modulo p make a sum whose bits are an F32 number, as of where
 * it begins; the nearest multiple of p is found by a multiply-add that leaves its factor in the last bits, and taken away by VPDPWSSD
 * (driver/moduli.c). Four instructions for 16 integers of 64 bits, three for those of 32.
 */
#ifndef GAMUT_X86_RESIDUE_H
#define GAMUT_X86_RESIDUE_H

#include "../driver/residue.h"

#include <immintrin.h>

#define RESIDUE_INLINE static inline __attribute__((always_inline))

typedef struct residue_lanes {
    __m512i low, high, start, factors;
    __m512 reciprocal, base;
} residue_lanes;

RESIDUE_INLINE residue_lanes residue_lanes_of(const gamut_modulus *m, int32_t start) {
    return (residue_lanes){
        .low = _mm512_set1_epi32((int32_t)m->low),
        .high = _mm512_set1_epi32((int32_t)m->high),
        .start = _mm512_set1_epi32(start),
        .factors = _mm512_set1_epi32((int32_t)m->factors),
        .reciprocal = _mm512_set1_ps(m->reciprocal),
        .base = _mm512_set1_ps(m->base),
    };
}

/* Of sums that began with m.start. */
RESIDUE_INLINE __m512i residue_rest(__m512i x, residue_lanes m) {
    __m512 times = _mm512_fmadd_ps(_mm512_castsi512_ps(x), m.reciprocal, m.base);
    return _mm512_dpwssd_epi32(x, _mm512_castps_si512(times), m.factors);
}

/* 64 residues as bytes, in an order of their own: a, b, c and d by fours. */
RESIDUE_INLINE __m512i residue_bytes(__m512i a, __m512i b, __m512i c, __m512i d) {
    return _mm512_packs_epi16(_mm512_packs_epi32(a, b), _mm512_packs_epi32(c, d));
}

/* Integers of up to 62 bits and a sign: their lower and upper words, an even pair and an odd one of eight numbers each. */
RESIDUE_INLINE int convert_wide(int64_t n, const double *x, __m512d f, __m512d g, const gamut_moduli *moduli, int8_t *to, int64_t plane) {
    const __m512i sign = _mm512_set1_epi64(INT64_MIN);
    for (; n > 0; n -= 64, x += 64, to += 64) {
        __m512i low[4], high[4];
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            __m512i even = _mm512_cvtpd_epi64(_mm512_mul_pd(_mm512_mul_pd(_mm512_loadu_pd(x + 16 * v), f), g));
            __m512i odd = _mm512_cvtpd_epi64(_mm512_mul_pd(_mm512_mul_pd(_mm512_loadu_pd(x + 16 * v + 8), f), g));
            __m512 p = _mm512_castsi512_ps(_mm512_xor_si512(even, sign));
            __m512 q = _mm512_castsi512_ps(_mm512_xor_si512(odd, sign));
            low[v] = _mm512_castps_si512(_mm512_shuffle_ps(p, q, 0x88));
            high[v] = _mm512_castps_si512(_mm512_shuffle_ps(p, q, 0xDD));
        }
        for (int32_t i = 0; i < moduli->count; i++) {
            residue_lanes m = residue_lanes_of(&moduli->of[i], moduli->of[i].of_64);
            __m512i r[4];
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++) {
                r[v] = residue_rest(_mm512_dpbusd_epi32(_mm512_dpbusd_epi32(m.start, low[v], m.low), high[v], m.high), m);
            }
            _mm512_storeu_si512(to + i * plane, residue_bytes(r[0], r[1], r[2], r[3]));
        }
    }
    return 1;
}

/* Integers of up to 30 bits and a sign. */
RESIDUE_INLINE int convert_narrow(int64_t n, const double *x, __m512d f, __m512d g, const gamut_moduli *moduli, int8_t *to, int64_t plane) {
    const __m512i sign = _mm512_set1_epi32(INT32_MIN);
    for (; n > 0; n -= 64, x += 64, to += 64) {
        __m512i word[4];
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            __m256i even = _mm512_cvtpd_epi32(_mm512_mul_pd(_mm512_mul_pd(_mm512_loadu_pd(x + 16 * v), f), g));
            __m256i odd = _mm512_cvtpd_epi32(_mm512_mul_pd(_mm512_mul_pd(_mm512_loadu_pd(x + 16 * v + 8), f), g));
            word[v] = _mm512_xor_si512(_mm512_inserti64x4(_mm512_castsi256_si512(even), odd, 1), sign);
        }
        for (int32_t i = 0; i < moduli->count; i++) {
            residue_lanes m = residue_lanes_of(&moduli->of[i], moduli->of[i].of_32);
            __m512i r[4];
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++) {
                r[v] = residue_rest(_mm512_dpbusd_epi32(m.start, word[v], m.low), m);
            }
            _mm512_storeu_si512(to + i * plane, residue_bytes(r[0], r[1], r[2], r[3]));
        }
    }
    return 1;
}

static int convert_words(int64_t n, const double *x, double f, double g, int32_t bits, const gamut_moduli *moduli, int8_t *to,
                         int64_t plane) {
    return bits <= 30   ? convert_narrow(n, x, _mm512_set1_pd(f), _mm512_set1_pd(g), moduli, to, plane)
           : bits <= 62 ? convert_wide(n, x, _mm512_set1_pd(f), _mm512_set1_pd(g), moduli, to, plane)
                        : 0;
}

RESIDUE_INLINE __m512i residue_word(const int32_t *sums, const int8_t *old, int adds, residue_lanes m) {
    __m512i x = _mm512_xor_si512(_mm512_loadu_si512(sums), _mm512_set1_epi32(INT32_MIN));
    __m512i start = adds ? _mm512_add_epi32(m.start, _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)old))) : m.start;
    return residue_rest(_mm512_dpbusd_epi32(start, x, m.low), m);
}

/* Sums lie where they belong: bytes have to, too. */
RESIDUE_INLINE void reduce_lanes(int64_t n, const int32_t *sums, const gamut_modulus *modulus, int adds, int8_t *to) {
    const residue_lanes m = residue_lanes_of(modulus, modulus->of_32);
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    for (; n > 0; n -= 64, sums += 64, to += 64) {
        __m512i r[4];
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            r[v] = residue_word(sums + 16 * v, to + 16 * v, adds, m);
        }
        _mm512_storeu_si512(to, _mm512_permutexvar_epi32(order, residue_bytes(r[0], r[1], r[2], r[3])));
    }
}

static int reduce_words(int64_t n, const int32_t *sums, const gamut_modulus *modulus, int adds, int8_t *to) {
    if (adds) {
        reduce_lanes(n, sums, modulus, 1, to);
    } else {
        reduce_lanes(n, sums, modulus, 0, to);
    }
    return 1;
}

#define CONVERT convert_words
#define REDUCE reduce_words

#endif
