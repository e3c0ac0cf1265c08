#define _GNU_SOURCE

#include "threads.h"
#include "../core/pages.h"
#include "processors.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Held by whom the workers serve. */
static pthread_mutex_t service = PTHREAD_MUTEX_INITIALIZER;

/* What the workers do, under a lock but for the next part. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t begun = PTHREAD_COND_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static unsigned long round_number;
static int workers;
static int busy;
static void (*work)(void *job, int part, int parts);
static void *work_job;
static int work_parts;
static atomic_int next_part;

static pthread_once_t once = PTHREAD_ONCE_INIT;
/* Memory that a thread keeps until it ends. */
typedef struct kept {
    void *memory;
    size_t bytes;
} kept;

enum { OWN, SHARED, KINDS };
static _Thread_local kept scratch[KINDS];

/* Frees it when the thread ends. Where there was no such key left the memory stays. */
static pthread_key_t at_end;
static int has_key;

/* A positive number in the environment; 0: there is none. OMP_NUM_THREADS may be a list, of which the first counts. */
static int number(const char *name) {
    const char *value = getenv(name);
    long n = value == NULL ? 0 : strtol(value, NULL, 10);
    return n > 0 && n <= 1 << 16 ? (int)n : 0;
}

int gamut_threads(void) {
    static atomic_int threads;
    int n = atomic_load(&threads);
    if (n == 0) {
        n = number("GAMUT_NUM_THREADS");
        n = n > 0 ? n : number("OMP_NUM_THREADS");
        if (n == 0) {
            size_t bytes;
            cpu_set_t *set = gamut_processors(&bytes);
            n = set == NULL ? 1 : CPU_COUNT_S(bytes, set);
            CPU_FREE(set);
        }
        atomic_store(&threads, n);
    }
    return n;
}

static void take_parts(void) {
    for (int part = atomic_fetch_add(&next_part, 1); part < work_parts; part = atomic_fetch_add(&next_part, 1)) {
        work(work_job, part, work_parts);
    }
}

static void *serve(void *last_round) {
    unsigned long seen = (unsigned long)(size_t)last_round;
    pthread_mutex_lock(&lock);
    for (;;) {
        while (round_number == seen) {
            pthread_cond_wait(&begun, &lock);
        }
        seen = round_number;
        pthread_mutex_unlock(&lock);
        take_parts();
        pthread_mutex_lock(&lock);
        if (--busy == 0) {
            pthread_cond_signal(&ended);
        }
    }
    return NULL;
}

/* Fork copies the calling thread alone: the child has no workers, and locks are those of before the fork. */
static void before_fork(void) {
    pthread_mutex_lock(&service);
    pthread_mutex_lock(&lock);
}

static void after_fork(void) {
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&service);
}

static void in_child(void) {
    workers = 0;
    busy = 0;
    pthread_cond_init(&begun, NULL);
    pthread_cond_init(&ended, NULL);
    after_fork();
}

/* Destructors of other keys may come later and compute once more: they find nothing kept, and set the key again. */
static void forget(void *data) {
    kept *x = data;
    for (int kind = 0; kind < KINDS; kind++) {
        free(x[kind].memory);
        x[kind] = (kept){.memory = NULL};
    }
}

/* A child of a fork in the middle of this does it once more: what must not be done twice comes last. */
static void set_up(void) {
    has_key = pthread_key_create(&at_end, forget) == 0;
    pthread_atfork(before_fork, after_fork, in_child);
}

/*
 * Starts what workers there lack; where a thread cannot be had fewer do. They may run wherever threads may, or where the caller does if that
 * is not to be changed. Signals are for the application's threads.
 */
static void hire(int wanted) {
    if (workers >= wanted) {
        return;
    }
    sigset_t all, old;
    size_t bytes;
    cpu_set_t *set = gamut_processors(&bytes);
    pthread_attr_t anywhere;
    pthread_attr_init(&anywhere);
    if (set != NULL) {
        pthread_attr_setaffinity_np(&anywhere, bytes, set);
        CPU_FREE(set);
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    while (workers < wanted) {
        pthread_t thread;
        void *round = (void *)(size_t)round_number;
        if (pthread_create(&thread, &anywhere, serve, round) != 0 && pthread_create(&thread, NULL, serve, round) != 0) {
            break;
        }
        pthread_detach(thread);
        workers++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&anywhere);
}

void gamut_parallel(int parts, void (*run)(void *job, int part, int parts), void *job) {
    pthread_once(&once, set_up);
    if (parts <= 1 || pthread_mutex_trylock(&service) != 0) {
        for (int part = 0; part < parts; part++) {
            run(job, part, parts);
        }
        return;
    }
    /* Who is cancelled while the workers are at what lies on the stack would leave with both locks. */
    int cancels;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancels);
    pthread_mutex_lock(&lock);
    hire(parts - 1);
    work = run;
    work_job = job;
    work_parts = parts;
    atomic_store(&next_part, 0);
    busy = workers;
    round_number++;
    pthread_cond_broadcast(&begun);
    pthread_mutex_unlock(&lock);
    take_parts();
    pthread_mutex_lock(&lock);
    while (busy > 0) {
        pthread_cond_wait(&ended, &lock);
    }
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&service);
    pthread_setcancelstate(cancels, NULL);
}

static void *memory(int kind, size_t bytes) {
    kept *x = &scratch[kind];
    if (x->bytes < bytes) {
        pthread_once(&once, set_up);
        free(x->memory);
        size_t unit = bytes < GAMUT_LARGE_PAGE ? 64 : GAMUT_LARGE_PAGE;
        size_t whole = (bytes + unit - 1) / unit * unit;
        x->memory = aligned_alloc(unit, whole);
        x->bytes = x->memory == NULL ? 0 : whole;
        gamut_large_pages(x->memory, (int64_t)x->bytes);
        if (has_key) {
            pthread_setspecific(at_end, scratch);
        }
    }
    return x->memory;
}

void *gamut_scratch(size_t bytes) {
    return memory(OWN, bytes);
}

void *gamut_shared_scratch(size_t bytes) {
    return memory(SHARED, bytes);
}
