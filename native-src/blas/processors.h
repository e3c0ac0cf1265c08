/* The processors that threads of this process may run on. */
#ifndef GAMUT_PROCESSORS_H
#define GAMUT_PROCESSORS_H

#include <sched.h>

/*
 * Those of the calling thread; and where an OpenMP that the program is linked with has bound that one to a place, those of all places. Returns
 * how many these are; 0: they are not to be had. Needs _GNU_SOURCE.
 */
int gamut_processors(cpu_set_t *set);

#endif
