#include "../driver/reduce.h"
#include "../driver/residue.h"
#include "../driver/result.h"
#include "../driver/weights.h"
#include "features.h"

/* ARCHITECTURE(here, elsewhere): the first where that is what this library is built for, the second where not. */
#define ANY(here, elsewhere) here
#if defined(__x86_64__)
#define X86(here, elsewhere) here
#define ARM(here, elsewhere) elsewhere
#elif defined(__aarch64__)
#define X86(here, elsewhere) elsewhere
#define ARM(here, elsewhere) here
#endif

#define TILE(architecture, symbol, name, needs) architecture(extern const gamut_tile symbol;, )
#define RESULT(architecture, symbol, result, name, needs) architecture(extern const gamut_result result;, )
#define WEIGHTS(architecture, symbol, name, needs) architecture(extern const gamut_weights_kernel symbol;, )
#define RESIDUE(architecture, symbol, name, needs) architecture(extern const gamut_residue_kernel symbol;, )
#define REDUCE(architecture, symbol, name, needs) architecture(extern const gamut_reduce_kernel symbol;, )
#define CONVERT(architecture, symbol, name, needs) architecture(extern const gamut_convert_kernel symbol;, )
#include "../kernels.def"

#define TILE(architecture, symbol, name, needs) architecture(&symbol, NULL),
#define RESULT(architecture, symbol, result, name, needs) architecture(&symbol, NULL),
#define WEIGHTS(architecture, symbol, name, needs) NULL,
#define RESIDUE WEIGHTS
#define REDUCE WEIGHTS
#define CONVERT WEIGHTS
const gamut_tile *const gamut_tiles[] = {
#include "../kernels.def"
};

#define TILE(architecture, symbol, name, needs) NULL,
#define RESULT(architecture, symbol, result, name, needs) architecture(&result, NULL),
#define RESIDUE TILE
#define WEIGHTS TILE
#define REDUCE TILE
#define CONVERT TILE
const gamut_result *const gamut_results[] = {
#include "../kernels.def"
};

#define TILE(architecture, symbol, name, needs) NULL,
#define RESULT(architecture, symbol, result, name, needs) NULL,
#define RESIDUE(architecture, symbol, name, needs) architecture(&symbol, NULL),
#define WEIGHTS TILE
#define REDUCE TILE
#define CONVERT TILE
const gamut_residue_kernel *const gamut_residue_kernels[] = {
#include "../kernels.def"
};

#define TILE(architecture, symbol, name, needs) NULL,
#define RESULT(architecture, symbol, result, name, needs) NULL,
#define RESIDUE TILE
#define WEIGHTS(architecture, symbol, name, needs) architecture(&symbol, NULL),
#define REDUCE TILE
#define CONVERT TILE
const gamut_weights_kernel *const gamut_weights_kernels[] = {
#include "../kernels.def"
};

#define TILE(architecture, symbol, name, needs) NULL,
#define RESULT(architecture, symbol, result, name, needs) NULL,
#define RESIDUE TILE
#define WEIGHTS TILE
#define REDUCE(architecture, symbol, name, needs) architecture(&symbol, NULL),
#define CONVERT TILE
const gamut_reduce_kernel *const gamut_reduce_kernels[] = {
#include "../kernels.def"
};

#define TILE(architecture, symbol, name, needs) NULL,
#define RESULT(architecture, symbol, result, name, needs) NULL,
#define RESIDUE TILE
#define WEIGHTS TILE
#define REDUCE TILE
#define CONVERT(architecture, symbol, name, needs) architecture(&symbol, NULL),
const gamut_convert_kernel *const gamut_convert_kernels[] = {
#include "../kernels.def"
};

#define TILE(architecture, symbol, name, needs) {.id = name, .features = needs, .compiled = architecture(1, 0)},
#define RESULT(architecture, symbol, result, name, needs) TILE(architecture, symbol, name, needs)
#define RESIDUE TILE
#define WEIGHTS TILE
#define REDUCE TILE
#define CONVERT TILE
static const gamut_kernel kernels[] = {
#include "../kernels.def"
};

int32_t gamut_kernel_count(void) {
    return sizeof kernels / sizeof kernels[0];
}

const gamut_kernel *gamut_kernel_at(int32_t kernel) {
    return kernel < 0 || kernel >= gamut_kernel_count() ? NULL : &kernels[kernel];
}
