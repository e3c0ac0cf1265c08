/*
 * The first s moduli of a table, and what an integer of magnitude below P/2, P their product, is put together by: the same numbers as
 * dev.gamut.vector.emulated.Moduli, which derives them. From x = c(i) mod p(i) follows x/P = sum of c(i) w(i) mod 1; a weight w(i) is kept as
 * integers of 40 bits, weights[i][part] 2^(-40 (part + 1)), two or three of them.
 */
#ifndef GAMUT_MODULI_H
#define GAMUT_MODULI_H

#include <stdint.h>

/* How many there are. */
#define GAMUT_MODULI 20

/* Parts of a weight at most, and bytes of a part. */
#define GAMUT_PARTS 3
#define GAMUT_PART_BYTES 5

/* What is left of integers that are given by their bytes: sums of bytes times these stay below 2^18. moduli.c derives how it is found. */
typedef struct gamut_modulus {
    double p, inverse;
    /* 256^b modulo p, symmetrical, for the lower four bytes of an integer and for the upper four. */
    uint32_t low, high;
    /* What sums begin with, -2^63 or -2^31 modulo p in it: unsigned bytes stand for so much more. */
    int32_t of_64, of_32;
    /* What a sum's bits taken as F32 are multiplied by and what is added, for multiples of p in the last bits; factors of the halves of those. */
    float reciprocal, base;
    uint32_t factors;
} gamut_modulus;

typedef struct gamut_moduli {
    int32_t count, parts;
    gamut_modulus of[GAMUT_MODULI];
    /* 0 beyond the last part. */
    double weights[GAMUT_MODULI][GAMUT_PARTS];
    /* Byte b of each part of them, those of four moduli in a word, 0 where there is none. */
    uint32_t bytes[GAMUT_MODULI / 4][GAMUT_PARTS][GAMUT_PART_BYTES];
    /* P = high + low, to 106 bits. */
    double high, low;
} gamut_moduli;

/* The first `count` of the table; weights have two parts if P is at most `coarse`, else three. */
void gamut_moduli_first(int32_t count, double coarse, gamut_moduli *moduli);

/* The fewest whose P holds sums of a magnitude with a spare bit; 0 where there are too few. */
int32_t gamut_moduli_holding(double magnitude);

/* Whether the first `count` hold them: below P/2 by one part in a thousand. */
int32_t gamut_moduli_hold(int32_t count, double magnitude);

#endif
