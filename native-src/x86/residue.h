/*
 * Residues by VPDPBUSD: an integer's bytes, taken as unsigned ones, times 256^b modulo p make a sum below 2^18, which is exact in F32; the
 * nearest multiple of p is found by a multiply-add that leaves its factor in the last bits, and taken away by VPDPWSSD. Five instructions for
 * 16 integers of 64 bits, four for those of 32.
 */
#ifndef GAMUT_X86_RESIDUE_H
#define GAMUT_X86_RESIDUE_H

#include "../driver/residue.h"

#include <immintrin.h>

#define RESIDUE_INLINE static inline __attribute__((always_inline))

/* From here on F32 numbers of either sign are one apart: the lower half of such a one's bits is that of the integer it is rounded to. */
#define FLOATS_ONE_APART 0x1.8p23f

typedef struct residue_lanes {
    __m512i low, high, start, minus;
    __m512 reciprocal;
} residue_lanes;

RESIDUE_INLINE residue_lanes residue_lanes_of(const gamut_modulus *m, int32_t start) {
    return (residue_lanes){
        .low = _mm512_set1_epi32((int32_t)m->low),
        .high = _mm512_set1_epi32((int32_t)m->high),
        .start = _mm512_set1_epi32(start),
        .minus = _mm512_set1_epi32((int32_t)m->minus),
        .reciprocal = _mm512_set1_ps(m->reciprocal),
    };
}

RESIDUE_INLINE __m512i residue_rest(__m512i x, residue_lanes m) {
    __m512 times = _mm512_fmadd_ps(_mm512_cvtepi32_ps(x), m.reciprocal, _mm512_set1_ps(FLOATS_ONE_APART));
    return _mm512_dpwssd_epi32(x, _mm512_castps_si512(times), m.minus);
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

/* Bytes of residues are fetched so far ahead, over the end of a line into the next one: they come from caches far away, from as many places as there are moduli. */
#define RESIDUES_AHEAD 384

/* What four moduli leave of 64 numbers, in a word of each: v has the numbers 16 L + 4 v + {0, 1, 2, 3}, L the lane of 128 bits. */
RESIDUE_INLINE void words_of_four(const int8_t *c, int64_t plane, int32_t there, __m512i word[4]) {
    __m512i r[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        r[i] = i < there ? _mm512_loadu_si512(c + i * plane) : _mm512_setzero_si512();
        _mm_prefetch(c + i * plane + RESIDUES_AHEAD, _MM_HINT_T0);
    }
    __m512i low[] = {_mm512_unpacklo_epi8(r[0], r[1]), _mm512_unpacklo_epi8(r[2], r[3])};
    __m512i high[] = {_mm512_unpackhi_epi8(r[0], r[1]), _mm512_unpackhi_epi8(r[2], r[3])};
    word[0] = _mm512_unpacklo_epi16(low[0], low[1]);
    word[1] = _mm512_unpackhi_epi16(low[0], low[1]);
    word[2] = _mm512_unpacklo_epi16(high[0], high[1]);
    word[3] = _mm512_unpackhi_epi16(high[0], high[1]);
}

/* Sums of residues times a part of weights, from those times its bytes: of even numbers and of odd ones. */
typedef struct part_sums {
    __m512i even, odd;
} part_sums;

/* Sums times bytes are below 2^20. */
RESIDUE_INLINE part_sums sums_of_part(const __m512i sums[GAMUT_PART_BYTES]) {
    const __m512i shift = _mm512_set1_epi64(1 << 16), upper = _mm512_set1_epi64(-(INT64_C(1) << 32));
    __m512i low = _mm512_add_epi32(sums[0], _mm512_slli_epi32(sums[1], 8)), high = _mm512_add_epi32(sums[2], _mm512_slli_epi32(sums[3], 8));
    __m512i even = _mm512_add_epi64(_mm512_mul_epi32(low, _mm512_set1_epi64(1)), _mm512_mul_epi32(high, shift));
    __m512i odd = _mm512_add_epi64(_mm512_srai_epi64(low, 32), _mm512_mul_epi32(_mm512_srli_epi64(high, 32), shift));
    return (part_sums){_mm512_add_epi64(even, _mm512_slli_epi64(sums[4], 32)), _mm512_add_epi64(odd, _mm512_and_si512(sums[4], upper))};
}

/* Eight numbers from sums over parts, which are integers: in units of 2^-64, so that whole turns fall out of 64 bits. */
RESIDUE_INLINE __m512d number_of_sums(__m512i s0, __m512i s1, __m512i s2, int fine, __m512d high, __m512d low) {
    const __m512i part = _mm512_set1_epi64((INT64_C(1) << 40) - 1);
    if (fine) {
        s1 = _mm512_add_epi64(s1, _mm512_srai_epi64(s2, 40));
    }
    s0 = _mm512_add_epi64(s0, _mm512_srai_epi64(s1, 40));
    __m512d h = _mm512_cvtepi64_pd(_mm512_slli_epi64(s0, 24)), l1 = _mm512_cvtepi64_pd(_mm512_and_si512(s1, part));
    const __m512d unit1 = _mm512_set1_pd(0x1p-16);
    __m512d g = _mm512_fmadd_pd(l1, unit1, h); /* l1 times a power of two is exact */
    __m512d rest = _mm512_fmsub_pd(l1, unit1, _mm512_sub_pd(g, h));
    if (fine) {
        __m512d l2 = _mm512_cvtepi64_pd(_mm512_and_si512(s2, part));
        rest = _mm512_fmadd_pd(l2, _mm512_set1_pd(0x1p-56), rest);
    }
    return _mm512_fmadd_pd(g, high, _mm512_fmadd_pd(rest, high, _mm512_mul_pd(g, low)));
}

/* Four times 16 numbers, pairs of which are together, in their order. */
RESIDUE_INLINE void store_pairs(const __m512d pairs[4], double *x) {
    __m512d low[] = {_mm512_shuffle_f64x2(pairs[0], pairs[1], 0x44), _mm512_shuffle_f64x2(pairs[2], pairs[3], 0x44)};
    __m512d high[] = {_mm512_shuffle_f64x2(pairs[0], pairs[1], 0xEE), _mm512_shuffle_f64x2(pairs[2], pairs[3], 0xEE)};
    _mm512_storeu_pd(x, _mm512_shuffle_f64x2(low[0], low[1], 0x88));
    _mm512_storeu_pd(x + 16, _mm512_shuffle_f64x2(low[0], low[1], 0xDD));
    _mm512_storeu_pd(x + 32, _mm512_shuffle_f64x2(high[0], high[1], 0x88));
    _mm512_storeu_pd(x + 48, _mm512_shuffle_f64x2(high[0], high[1], 0xDD));
}

/* 64 numbers at a time, 16 of which in each word; bytes of weights are unsigned, residues signed. */
RESIDUE_INLINE void rebuild_lanes(int64_t n, const int8_t *c, int64_t plane, const gamut_moduli *moduli, int fine, int whole, double *x) {
    const __m512d high = _mm512_set1_pd(moduli->high * 0x1p-64), low = _mm512_set1_pd(moduli->low * 0x1p-64);
    const __m512d integers = _mm512_set1_pd(0x1.8p52);
    int32_t fours = (moduli->count + 3) / 4, parts = fine ? 3 : 2;
    for (int64_t j = 0; j < n; j += 64) {
        __m512i words[GAMUT_MODULI / 4][4];
        __m512d pairs[8];
        for (int32_t q = 0; q < fours; q++) {
            words_of_four(c + 4 * q * plane + j, plane, moduli->count - 4 * q, words[q]);
        }
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            __m512i sums[GAMUT_PARTS][GAMUT_PART_BYTES];
#pragma GCC unroll 3
            for (int part = 0; part < parts; part++) {
#pragma GCC unroll 5
                for (int b = 0; b < GAMUT_PART_BYTES; b++) {
                    sums[part][b] = _mm512_setzero_si512();
                }
            }
            for (int32_t q = 0; q < fours; q++) {
#pragma GCC unroll 3
                for (int part = 0; part < parts; part++) {
#pragma GCC unroll 5
                    for (int b = 0; b < GAMUT_PART_BYTES; b++) {
                        __m512i weights = _mm512_set1_epi32((int32_t)moduli->bytes[q][part][b]);
                        sums[part][b] = _mm512_dpbusd_epi32(sums[part][b], weights, words[q][v]);
                    }
                }
            }
            part_sums s0 = sums_of_part(sums[0]), s1 = sums_of_part(sums[1]), s2 = fine ? sums_of_part(sums[2]) : s1;
            __m512d even = number_of_sums(s0.even, s1.even, s2.even, fine, high, low);
            __m512d odd = number_of_sums(s0.odd, s1.odd, s2.odd, fine, high, low);
            if (whole) {
                even = _mm512_sub_pd(_mm512_add_pd(even, integers), integers);
                odd = _mm512_sub_pd(_mm512_add_pd(odd, integers), integers);
            }
            pairs[2 * v] = _mm512_unpacklo_pd(even, odd);
            pairs[2 * v + 1] = _mm512_unpackhi_pd(even, odd);
        }
        store_pairs(pairs, x + j);
        store_pairs(pairs + 4, x + j + 8);
    }
}

static int rebuild_words(int64_t n, const int8_t *c, int64_t plane, const gamut_moduli *moduli, int whole, double *x) {
    if (moduli->parts == 3) {
        rebuild_lanes(n, c, plane, moduli, 1, whole, x);
    } else {
        rebuild_lanes(n, c, plane, moduli, 0, whole, x);
    }
    return 1;
}

#define CONVERT convert_words
#define REDUCE reduce_words
#define REBUILD rebuild_words

#endif
