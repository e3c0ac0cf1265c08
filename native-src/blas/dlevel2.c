/* Level 2 in F64. */
#define T double
#define LETTER "D"
#define NAME(routine) d##routine

#include "level2.inc"
