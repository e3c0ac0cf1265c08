/* How tile.inc takes BF16: the upper half of an F32. */
#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) float bf16_value(uint16_t code) {
    uint32_t bits = (uint32_t)code << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#define SRC uint16_t
#define SRC_DTYPE GAMUT_BF16
#define WIDEN1(x) bf16_value(x)
