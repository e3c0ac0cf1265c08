/* The routines of the BLAS library, of all types. */
#include "symbols.h"
#include "verdict.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The C library has it for GCC alone. */
#ifndef CMPLX
#define CMPLX(x, y) __builtin_complex((double)(x), (double)(y))
#endif

static uint64_t state = 20261126;

/* An integer from -2 to 2. */
static int small(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((state >> 33) % 5) - 2;
}

#define T double
#define NAME(routine) d##routine
#define INDEX_NAME idamax
#include "level12.inc"

#define T float
#define NAME(routine) s##routine
#define INDEX_NAME isamax
#include "level12.inc"

#define T double
#define NAME(routine) d##routine
#include "level3.inc"

#define T float
#define NAME(routine) s##routine
#include "level3.inc"

#define T double
#define NAME(routine) z##routine
#include "complex3.inc"

#define T float
#define NAME(routine) c##routine
#include "complex3.inc"

#include "narrow.inc"

double CBLAS_NAME(dsdot)(INT, const float *, INT, const float *, INT);
double FORTRAN_NAME(dsdot)(const INT *, const float *, const INT *, const float *, const INT *);
float CBLAS_NAME(sdsdot)(INT, float, const float *, INT, const float *, INT);
float FORTRAN_NAME(sdsdot)(const INT *, const float *, const float *, const INT *, const float *, const INT *);

/* Sums that F32 does not hold. */
static void wide_dots(void) {
    const float x[] = {0x1p24f, 9, 1, 9, -0x1p24f}, y[] = {1, 1, 0x1p-3f}, alpha = 0x1p-3f;
    const INT three = 3, two = 2, back = -1;
    verdict(CBLAS_NAME(dsdot)(3, x, 2, y, 1) == 0x1p24 + 1 - 0x1p21, "dsdot");
    verdict(FORTRAN_NAME(dsdot)(&three, x, &two, y, &back) == 0x1p21 + 1 - 0x1p24, "dsdot_");
    verdict(CBLAS_NAME(sdsdot)(3, alpha, x, 2, y, 1) == (float)(0x1p24 + 1.125 - 0x1p21), "sdsdot");
    verdict(FORTRAN_NAME(sdsdot)(&three, &alpha, x, &two, y, &back) == (float)(0x1p21 + 1.125 - 0x1p24), "sdsdot_");
}

int main(void) {
    setenv("GAMUT_NUM_THREADS", "3", 1);
    dlevel12();
    slevel12();
    dlevel3();
    slevel3();
    zcomplex3();
    ccomplex3();
    narrow();
    wide_dots();
    return summary();
}
