/* The processors that threads of this process may run on. */
#ifndef GAMUT_PROCESSORS_H
#define GAMUT_PROCESSORS_H

#include <sched.h>

/*
 * Those of the calling thread; and where an OpenMP that the program is linked with has bound that one to a place, those of all places. A set
 * of so many bytes, to be freed with CPU_FREE; NULL: they are not to be had. Needs _GNU_SOURCE.
 */
cpu_set_t *gamut_processors(size_t *bytes);

#endif
