/* Level 1 in F32. */
#define T float
#define WIDE double
#define NAME(routine) s##routine
#define INDEX_NAME isamax

#include "level1.inc"
