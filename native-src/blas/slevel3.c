/* Level 3 in F32. */
#define T float
#define TYPE GAMUT_F32
#define LETTER "S"
#define NAME(routine) s##routine
#define EMULATE gamut_emulate_f32

#include "level3.inc"
