#include "blas.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xerbla_(const char *routine, const int *parameter, size_t length);

/*
 * What the reference BLAS does on a bad argument: says so and stops. Weak, so that a program's own one is called instead.
 */
__attribute__((weak)) PUBLIC void xerbla_(const char *routine, const int *parameter, size_t length) {
    int shown = (int)length;
    while (shown > 0 && routine[shown - 1] == ' ') {
        shown--;
    }
    printf(" ** On entry to %.*s parameter number %2d had an illegal value\n", shown, routine, *parameter);
    fflush(stdout);
    exit(EXIT_FAILURE);
}

/* Whether two letters are the same but for their case: what Fortran codes that call the BLAS take from it. */
PUBLIC int lsame_(const char *a, const char *b) {
    return toupper((unsigned char)*a) == toupper((unsigned char)*b);
}

void gamut_bad_argument(const char *routine, int parameter) {
    xerbla_(routine, &parameter, strlen(routine));
}

void gamut_no_memory(int64_t bytes) {
    fprintf(stderr, "gamut: no memory for a workspace of %lld bytes\n", (long long)bytes);
    abort();
}

void *gamut_memory(size_t bytes) {
    void *memory = malloc(bytes > 0 ? bytes : 1);
    if (memory == NULL) {
        gamut_no_memory((int64_t)bytes);
    }
    return memory;
}

/* The value that belongs to a letter. */
static int value(char letter, const char *letters, const int *values) {
    const char *at = letter == '\0' ? NULL : strchr(letters, toupper((unsigned char)letter));
    return at == NULL ? 0 : values[at - letters];
}

int gamut_trans(char letter) {
    return value(letter, "NTC", (const int[]){NO_TRANS, TRANS, CONJ_TRANS});
}

int gamut_uplo(char letter) {
    return value(letter, "UL", (const int[]){UPPER, LOWER});
}

int gamut_diag(char letter) {
    return value(letter, "NU", (const int[]){NON_UNIT, UNIT});
}

int gamut_side(char letter) {
    return value(letter, "LR", (const int[]){LEFT, RIGHT});
}
