#define _GNU_SOURCE

#include "pages.h"

#include <sys/mman.h>
#include <unistd.h>

/*
 * Pages that were touched before, as by an allocator that writes zeros, come again as large ones. Where usual pages are not of 4 KiB, as in some
 * systems for Arm, large ones have 32 or 512 MiB, too much for scratch memory. Only Linux has these calls, with this meaning.
 */
void gamut_large_pages(void *memory, int64_t bytes) {
#ifdef __linux__
    uintptr_t first = (uintptr_t)memory;
    uintptr_t from = (first + GAMUT_LARGE_PAGE - 1) / GAMUT_LARGE_PAGE * GAMUT_LARGE_PAGE;
    uintptr_t to = (first + (uintptr_t)bytes) / GAMUT_LARGE_PAGE * GAMUT_LARGE_PAGE;
    if (bytes < GAMUT_LARGE_PAGE || from >= to || sysconf(_SC_PAGESIZE) != 4096) {
        return;
    }
    void *pages = (char *)memory + (from - first);
    if (madvise(pages, to - from, MADV_HUGEPAGE) == 0) {
        madvise(pages, to - from, MADV_DONTNEED);
    }
#else
    (void)memory, (void)bytes;
#endif
}
