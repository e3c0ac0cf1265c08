/* The seam between the driver of conversions, which knows rows and scale factors, and the kernels, which know neighbouring numbers. */
#ifndef GAMUT_CONVERT_H
#define GAMUT_CONVERT_H

#include "gamut.h"

/*
 * Converts n neighbouring numbers to nearest even. Codes become float(code - zero) factor; numbers become round(x factor) + zero, saturated,
 * NaN 0. Floating-point codes are round(x factor) without a zero point, infinite and NaN where the type has such codes. What is not scaled
 * has neither. An n of y of 4 bits is even.
 */
typedef void gamut_convert_numbers(int64_t n, const void *x, void *y, float factor, int32_t zero);

typedef struct gamut_convert_kernel {
    gamut_convert_numbers *convert;

    /* Bits of an element of x and of y. */
    int32_t x_bits, y_bits;

    /* Whether x or y may have scale factors. */
    int32_t x_scaled, y_scaled;

    /* The code of infinity where y may have scale factors, by which finite numbers stay finite; 0 where there is none. */
    int32_t infinity;
} gamut_convert_kernel;

/* The kernels of kernels.def, in its order; null where one is of another sort or architecture. */
extern const gamut_convert_kernel *const gamut_convert_kernels[];

#endif
