/* Pages of memory that are larger than usual ones. */
#ifndef GAMUT_PAGES_H
#define GAMUT_PAGES_H

#include "gamut.h"

/* Bytes of one. */
#define GAMUT_LARGE_PAGE (INT64_C(2) << 20)

#endif
