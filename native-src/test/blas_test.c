/* The routines of the BLAS library, of all types. */
#include "symbols.h"

#include <complex.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks;
static int failures;
static uint64_t state = 20261126;

/* An integer from -2 to 2. */
static int small(void) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((state >> 33) % 5) - 2;
}

__attribute__((format(printf, 2, 3))) static void verdict(int good, const char *format, ...) {
    checks++;
    if (!good) {
        failures++;
        va_list arguments;
        va_start(arguments, format);
        printf("FAILED ");
        vprintf(format, arguments);
        printf("\n");
        va_end(arguments);
    }
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

int main(void) {
    dlevel12();
    slevel12();
    dlevel3();
    slevel3();
    zcomplex3();
    ccomplex3();
    narrow();
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures != 0;
}
