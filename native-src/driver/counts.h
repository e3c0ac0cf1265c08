/* Arithmetic of sizes, none of which is negative. */
#ifndef GAMUT_COUNTS_H
#define GAMUT_COUNTS_H

#include <stdint.h>

static inline int64_t least(int64_t x, int64_t y) {
    return x < y ? x : y;
}

static inline int64_t most(int64_t x, int64_t y) {
    return x > y ? x : y;
}

/* Units that x takes, the last one perhaps not filled. */
static inline int64_t units(int64_t x, int64_t unit) {
    return (x + unit - 1) / unit;
}

/* x with its last unit filled. */
static inline int64_t whole(int64_t x, int64_t unit) {
    return units(x, unit) * unit;
}

#endif
