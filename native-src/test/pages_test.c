/* Memory in large pages: what is lost and what stays, and whether the system was asked for them, by a caller and by the BLAS library. */
#define _GNU_SOURCE

#include "gamut.h"
#include "square.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE (INT64_C(2) << 20)
#define PAGES 4

/* Of the mapping that an address lies in, or of all where it is null: whether large pages were asked for, and kB that lie in some. */
typedef struct mapping {
    int asked;
    long large;
} mapping;

static mapping look(const void *address) {
    mapping found = {0};
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[4096];
    int in = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long from, to;
        long large;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            in = address == NULL || ((unsigned long)address >= from && (unsigned long)address < to);
        } else if (in && sscanf(line, "AnonHugePages: %ld kB", &large) == 1) {
            found.large += large;
        } else if (in && strncmp(line, "VmFlags:", 8) == 0) {
            found.asked |= strstr(line, " hg") != NULL;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static char *map(int64_t bytes) {
    return mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Whether the system has such pages, and tells of who asked for them; emulators do not. */
static int tells(void) {
    char *memory = map(PAGE);
    int told = sysconf(_SC_PAGESIZE) == 4096 && madvise(memory, PAGE, MADV_HUGEPAGE) == 0 && look(memory).asked;
    munmap(memory, PAGE);
    return told;
}

static unsigned char pattern(int64_t i) {
    return (unsigned char)(1 + i % 251);
}

/* Bytes from `first` on are given away: others keep what they hold, these hold that or zeros, and what is written to them. */
static void stays(unsigned char *all, int64_t first, int64_t bytes) {
    int64_t end = first + (bytes < 0 ? 0 : bytes), wrong = -1;
    for (int64_t i = 0; i < PAGES * PAGE; i++) {
        all[i] = pattern(i);
    }
    gamut_large_pages(all + first, bytes);
    for (int64_t i = 0; i < PAGES * PAGE && wrong < 0; i++) {
        int given = i >= first && i < end;
        if (all[i] != pattern(i) && !(given && all[i] == 0)) {
            wrong = i;
        }
    }
    verdict(wrong < 0, "%lld bytes from %lld on: byte %lld", (long long)bytes, (long long)first, (long long)wrong);
    for (int64_t i = first; i < end; i++) {
        all[i] = pattern(i + 7);
    }
    wrong = -1;
    for (int64_t i = first; i < end && wrong < 0; i++) {
        wrong = all[i] == pattern(i + 7) ? -1 : i;
    }
    verdict(wrong < 0, "%lld bytes from %lld on, written to: byte %lld", (long long)bytes, (long long)first, (long long)wrong);
}

int main(void) {
    unsigned char *all = aligned_alloc(PAGE, PAGES * PAGE);
    static const int64_t firsts[] = {0, 1, 4096, PAGE - 1, PAGE};
    static const int64_t sizes[] = {-1, 0, 1, 4097, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE - 1, 2 * PAGE, 3 * PAGE - 4096, 3 * PAGE};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            stays(all, firsts[i], sizes[j]);
        }
    }
    gamut_large_pages(NULL, 0);
    free(all);

    int told = tells();
    int before = look(NULL).asked;
    /* The middle of a mapping. */
    char *mapped = map(2 * PAGES * PAGE), *middle = mapped + PAGES / 2 * PAGE;
    memset(mapped, 1, 2 * PAGES * PAGE);
    gamut_large_pages(middle, PAGES * PAGE);
    memset(middle, 2, PAGES * PAGE);
    mapping inside = look(middle + PAGES / 2 * PAGE);
    if (told) {
        verdict(inside.asked, "no large pages were asked for");
        verdict(!look(mapped).asked && !look(mapped + 2 * PAGES * PAGE - 1).asked, "large pages were asked for beside the memory");
        /* How many there are is the system's to say. */
        printf("%ld of %ld kB are in large pages\n", inside.large, (long)(PAGES * PAGE >> 10));
    } else {
        printf("SKIPPED pages: cannot run here: the system has no large pages of 2 MiB, or tells nothing of them\n");
    }
    munmap(mapped, 2 * PAGES * PAGE);

    setenv("GAMUT_NUM_THREADS", "1", 1);
    verdict(product(1000), "a product in large pages");
    if (told && !before) {
        verdict(look(NULL).asked, "a product asked for no large pages");
    }
    return summary();
}
