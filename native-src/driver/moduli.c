#include "moduli.h"

/* Bits of a part of a weight. */
#define PART 40

/* Pairwise coprime, from the largest that symmetrical residues of 8 bits allow. */
static const int32_t table[GAMUT_MODULI] = {256, 255, 253, 251, 247, 241, 239, 233, 229, 227,
                                            223, 217, 211, 199, 197, 193, 191, 181, 179, 173};

/* The product of the first ones, rounded to F64, and what that leaves, rounded, too. */
static const double products[GAMUT_MODULI][2] = {
    {0x1p8, 0},
    {0x1.fep15, 0},
    {0x1.f806p23, 0},
    {0x1.ee2de2p31, 0},
    {0x1.dcce450ep39, 0},
    {0x1.c0de2f022ep47, 0},
    {0x1.a30f6de308f2p55, 0},
    {0x1.7d690b03a3244p63, 0x1p8},
    {0x1.552ef6da40ef7p71, -0x1.ecp14},
    {0x1.2e88a4e387945p79, -0x1.1444p22},
    {0x1.078907a2331a3p87, 0x1.37ac62p31},
    {0x1.bec64ef0faa26p94, 0x1.dc188f89p40},
    {0x1.703d73109e93ep102, -0x1.2f97c1b215p48},
    {0x1.1e3fc471eb44fp110, -0x1.1ff7bc8b7298p53},
    {0x1.b88e245754182p117, -0x1.df666905d3cbcp63},
    {0x1.4c232965d6663p125, -0x1.616c352d64acap71},
    {0x1.ef9c77c5f5ec7p132, 0x1.b141114c878cep77},
    {0x1.5e69a0aef6e03p140, -0x1.35acfec4e4296p85},
    {0x1.ea07b6b4ad3d8p147, -0x1.087f623ab88fp89},
    {0x1.4b27367819129p155, -0x1.595f0ab0d75c5p98},
};

static int32_t symmetrical(int32_t x, int32_t p) {
    return x > p / 2 ? x - p : x;
}

/* 2^n modulo p, from 0 on. */
static int32_t power(int n, int32_t p) {
    int32_t x = 1;
    for (int i = 0; i < n; i++) {
        x = 2 * x % p;
    }
    return x;
}

/* What x, coprime to p, is to be multiplied by for 1 modulo p, by Euclid's algorithm. */
static int32_t inverse(int32_t x, int32_t p) {
    int32_t r = p, next = x, factor = 0, next_factor = 1;
    while (next != 0) {
        int32_t quotient = r / next, rest = r % next, after = factor - quotient * next_factor;
        r = next, next = rest;
        factor = next_factor, next_factor = after;
    }
    return factor < 0 ? factor + p : factor;
}

static uint32_t bytes(int first, int32_t p) {
    uint32_t word = 0;
    for (int b = 0; b < 4; b++) {
        word |= (uint32_t)(uint8_t)symmetrical(power(8 * (first + b), p), p) << 8 * b;
    }
    return word;
}

/*
 * How x86/residue.h takes the nearest multiple of p away from a sum s, at most 2^18 in magnitude: by one F32 operation and one of halves of words.
 * Sums begin at START + M, M = p ZERO + e between 2^23 and 2^24, so that their bits are those of the F32 number 2^-85 (M + s). That times 2^85/p,
 * plus an integer, is rounded to an integer ZERO + q further, where q is next to (s + e + M d)/p, d being the relative error of 1/p in F32.
 * Of M d e leaves less than 1/2 for odd p, and q is that of s/p; of 256, whose d is made positive, it leaves what is between 0 and 1, so that 128
 * becomes -128. The integer is such that the bits have UPPER as their upper half and L + q, positive, as the lower one. -p times the latter
 * and c times the former added to the sum make s - p q where
 *
 *     START + M - p L + c UPPER = START + e + c UPPER + p (ZERO - L) = 0:
 *
 * c is known modulo p, as p and UPPER have no divisor in common, and such that ZERO - L is in a range of UPPER numbers, from LEAST on, for which
 * L + q has 15 bits.
 */
#define START (1 << 29)
#define ZERO (7 << 13)
#define UPPER 0x4B43
#define LEAST (ZERO - (1 << 15) + (1 << 11))

static gamut_modulus modulus(int32_t p) {
    float reciprocal = p == 256 ? 0x1.000002p-8f : 1.0f / (float)p;
    double error = ((double)reciprocal * p - 1) * p * ZERO;
    int32_t e = -(int32_t)__builtin_rint(p == 256 ? error - 0.5 : error), start = START + e;
    int32_t c = p - (int32_t)((int64_t)start * inverse(UPPER % p, p) % p);
    c -= ((LEAST + (start + c * UPPER) / p) / UPPER + 1) * p;
    int32_t apart = -(start + c * UPPER) / p; /* ZERO - L */
    return (gamut_modulus){
        .p = p,
        .inverse = 1.0 / p,
        .low = bytes(0, p),
        .high = bytes(4, p),
        .of_64 = start + p * ZERO - symmetrical(power(63, p), p),
        .of_32 = start + p * ZERO - symmetrical(power(31, p), p),
        .reciprocal = reciprocal * 0x1p85f,
        .base = (float)((UPPER << 16) - (0x4B00 << 16) + (1 << 23) - apart),
        .factors = (uint32_t)c << 16 | ((uint32_t)-p & 0xFFFF),
    };
}

/* Keeps a weight's parts from the last one on. */
static void keep(gamut_moduli *moduli, int32_t i, unsigned __int128 weight) {
    for (int32_t part = moduli->parts - 1; part >= 0; part--, weight >>= PART) {
        uint64_t here = (uint64_t)weight & ((UINT64_C(1) << PART) - 1);
        moduli->weights[i][part] = (double)here;
        for (int b = 0; b < GAMUT_PART_BYTES; b++) {
            moduli->bytes[i / 4][part][b] |= (uint32_t)(here >> 8 * b & 0xFF) << 8 * (i % 4);
        }
    }
}

void gamut_moduli_first(int32_t count, double coarse, gamut_moduli *moduli) {
    *moduli = (gamut_moduli){.count = count, .high = products[count - 1][0], .low = products[count - 1][1]};
    moduli->parts = moduli->high <= coarse ? GAMUT_PARTS - 1 : GAMUT_PARTS;
    for (int32_t i = 0; i < count; i++) {
        int32_t p = table[i];
        moduli->of[i] = modulus(p);
        int32_t others = 1;
        for (int32_t j = 0; j < count; j++) {
            others = j == i ? others : others * table[j] % p;
        }
        /* Rounded to the nearest. */
        unsigned __int128 whole = (unsigned __int128)inverse(others, p) << PART * moduli->parts;
        keep(moduli, i, whole / (uint32_t)p + (2 * (whole % (uint32_t)p) >= (uint32_t)p));
    }
}

int32_t gamut_moduli_hold(int32_t count, double magnitude) {
    return magnitude * (2 + 0x1p-9) <= products[count - 1][0];
}

int32_t gamut_moduli_holding(double magnitude) {
    for (int32_t count = 1; count <= GAMUT_MODULI; count++) {
        if (gamut_moduli_hold(count, magnitude)) {
            return count;
        }
    }
    return 0;
}
