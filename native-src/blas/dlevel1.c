/* Level 1 in F64. */
#define T double
#define WIDE double
#define NAME(routine) d##routine
#define INDEX_NAME idamax

#include "level1.inc"
