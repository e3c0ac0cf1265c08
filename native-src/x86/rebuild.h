/*
 * Numbers from residues by VPDPBUSD: residues of four moduli times a byte of each of their weights, added up in 32 bits; those sums, shifted and
 * added in 64 bits, are the sums over parts of weights that dev.gamut.vector.emulated.Reconstruction finds in F64, and the same steps follow.
 */
#ifndef GAMUT_X86_REBUILD_H
#define GAMUT_X86_REBUILD_H

#include "residue.h"

/*
 * Bytes of residues are fetched so far ahead, beyond the end of a line into the next one: they come from caches far away, and from as many
 * places as there are moduli.
 */
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

/* Sums of residues times a part of weights: of even numbers and of odd ones. */
typedef struct part_sums {
    __m512i even, odd;
} part_sums;

/* From sums of residues times the bytes of a part, which are below 2^20. */
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

/* 64 numbers at a time; bytes of weights are unsigned, residues signed. */
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

#define REBUILD rebuild_words

#endif
