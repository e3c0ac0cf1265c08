/* What a test counts, and how it says so. */
#ifndef GAMUT_VERDICT_H
#define GAMUT_VERDICT_H

#include <stdarg.h>
#include <stdio.h>

static int checks;
static int failures;

/* Counts a check, and says what did not hold. Returns whether it did. */
__attribute__((format(printf, 2, 3))) static inline int verdict(int good, const char *format, ...) {
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
    return good;
}

/* The last line, which scripts read; main returns with it. */
static inline int summary(void) {
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures != 0;
}

#endif
