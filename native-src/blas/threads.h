/* The threads of the BLAS library. */
#ifndef GAMUT_THREADS_H
#define GAMUT_THREADS_H

#include <stddef.h>

/* Threads to use, the caller's among them: GAMUT_NUM_THREADS, else OMP_NUM_THREADS, else the processors this process may run on. */
int gamut_threads(void);

/*
 * Runs parts 0 to parts - 1, each once, on the calling thread and the workers; returns when all have ended. While the workers serve
 * another caller, and within a part, they run one after the other on the calling thread. After fork the child makes workers of its own.
 */
void gamut_parallel(int parts, void (*run)(void *job, int part, int parts), void *job);

/* Memory of the calling thread, aligned to 64 bytes, for which large pages are asked from 2 MiB on, until its next call; null where there is none. */
void *gamut_scratch(size_t bytes);

/* The same once more, for what the caller's parts share. */
void *gamut_shared_scratch(size_t bytes);

#endif
