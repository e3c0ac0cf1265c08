/* Level 3 in F64. */
#define T double
#define TYPE GAMUT_F64
#define LETTER "D"
#define NAME(routine) d##routine
#define EMULATE gamut_emulate_f64

#include "level3.inc"
