/* What the BLAS has besides its routines: what is called on a bad argument, weak, so that a program's own is called instead; and LSAME. */
#include "routine.inc"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Says what is wrong and stops, as the reference BLAS does. */
__attribute__((weak)) PUBLIC void FORTRAN_SYMBOL(xerbla)(const char *routine, const INT *parameter, size_t length) {
    int shown = (int)length;
    while (shown > 0 && routine[shown - 1] == ' ') {
        shown--;
    }
    printf(" ** On entry to %.*s parameter number %2lld had an illegal value\n", shown, routine, (long long)*parameter);
    fflush(stdout);
    exit(EXIT_FAILURE);
}

/* For CBLAS: says what the caller wants to be said, and leaves the rest to Fortran's. */
__attribute__((weak)) PUBLIC void CBLAS_SYMBOL(xerbla)(INT parameter, const char *routine, const char *form, ...) {
    va_list arguments;
    va_start(arguments, form);
    vfprintf(stderr, form, arguments);
    va_end(arguments);
    FORTRAN_SYMBOL(xerbla)(routine, &parameter, strlen(routine));
}

/* Whether two letters are the same but for their case: what Fortran codes that call the BLAS take from it. */
PUBLIC INT FORTRAN_SYMBOL(lsame)(const char *a, const char *b) {
    return toupper((unsigned char)*a) == toupper((unsigned char)*b);
}
