/* Level 2 in F32. */
#define T float
#define LETTER "S"
#define NAME(routine) s##routine

#include "level2.inc"
