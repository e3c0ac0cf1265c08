#include "blas.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
