/* Which threads the BLAS library has, what it keeps of those that end, and of calls that are to be cancelled. */
#define _GNU_SOURCE

#include "square.h"
#include "verdict.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int large_machine;

/* The library comes here, too. A large machine has sets of 4,096 processors, and three of them are for this process. */
__attribute__((visibility("default"))) int sched_getaffinity(pid_t process, size_t bytes, cpu_set_t *set) {
    const size_t least = 4096 / 8;
    if (large_machine && bytes < least) {
        errno = EINVAL;
        return -1;
    }
    if (!large_machine) {
        return syscall(SYS_sched_getaffinity, process, bytes, set) < 0 ? -1 : 0;
    }
    CPU_ZERO_S(bytes, set);
    CPU_SET_S(0, bytes, set);
    CPU_SET_S(1, bytes, set);
    CPU_SET_S(4095, bytes, set);
    return 0;
}

/* Whether a process of its own has a thread for each processor. */
static int counts_many_processors(void) {
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        unsetenv("GAMUT_NUM_THREADS");
        unsetenv("OMP_NUM_THREADS");
        large_machine = 1;
        int right = product(600), threads = 0;
        DIR *tasks = opendir("/proc/self/task");
        for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
            threads += entry->d_name[0] != '.';
        }
        closedir(tasks);
        _exit(!(right && threads == 3));
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

/* What belongs to other libraries, where there are no keys left for this one. */
static int leaves_keys_alone(void) {
    static pthread_key_t keys[2048];
    int count = 0, status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        while (count < 2048 && pthread_key_create(&keys[count], NULL) == 0) {
            pthread_setspecific(keys[count], &keys[count]);
            count++;
        }
        int right = count > 0 && product(50) && product(100);
        for (int i = 0; i < count; i++) {
            right &= pthread_getspecific(keys[i]) == &keys[i];
        }
        _exit(!right);
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

static pthread_key_t late;

/* Destructors of keys run in the order in which these were made: this one after that of the library's key. */
static void products_at_the_end(void *right) {
    *(int *)right = product(50) && product(100) && product(300);
}

static void *end_with_products(void *right) {
    if (product(100)) {
        pthread_setspecific(late, right);
    }
    return NULL;
}

static int computes_at_the_end(void) {
    int right = 0;
    pthread_t thread;
    return product(50) && pthread_key_create(&late, products_at_the_end) == 0 &&
           pthread_create(&thread, NULL, end_with_products, &right) == 0 && pthread_join(thread, NULL) == 0 && right;
}

static void *cancel_itself(void *right) {
    pthread_cancel(pthread_self());
    *(int *)right = product(128);
    pthread_testcancel();
    return NULL;
}

/* That a product ends before its thread does; several times, as not each waits for another thread. */
static int ends_before_it_is_cancelled(void) {
    int all = 1;
    for (int i = 0; i < 20; i++) {
        int right = 0;
        pthread_t thread;
        void *result = NULL;
        all &= pthread_create(&thread, NULL, cancel_itself, &right) == 0 && pthread_join(thread, &result) == 0;
        all &= right && result == PTHREAD_CANCELED;
    }
    return all;
}

int main(void) {
    verdict(counts_many_processors(), "processors of a large machine");
    setenv("GAMUT_NUM_THREADS", "4", 1);
    verdict(leaves_keys_alone(), "values of other libraries' keys");
    verdict(computes_at_the_end(), "products when a thread ends");
    verdict(ends_before_it_is_cancelled(), "a product whose thread is cancelled");
    return summary();
}
