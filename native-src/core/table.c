#include "../driver/tile.h"

#if defined(__x86_64__)
#define X86(symbol) KERNEL(symbol)
#else
#define X86(symbol)
#endif
#if defined(__aarch64__)
#define ARM(symbol) KERNEL(symbol)
#else
#define ARM(symbol)
#endif

#define KERNEL(symbol) extern const gamut_tile symbol;
#include "../kernels.def"
#undef KERNEL

#define KERNEL(symbol) &symbol,
const gamut_tile *const gamut_tiles[] = {
#include "../kernels.def"
};
#undef KERNEL

const int32_t gamut_tile_count = sizeof gamut_tiles / sizeof gamut_tiles[0];

int32_t gamut_kernel_count(void) {
    return gamut_tile_count;
}

const gamut_kernel *gamut_kernel_at(int32_t kernel) {
    return kernel < 0 || kernel >= gamut_tile_count ? NULL : &gamut_tiles[kernel]->info;
}
