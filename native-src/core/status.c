#include "gamut.h"

int32_t gamut_abi_version(void) {
    return GAMUT_ABI_VERSION;
}

const char *gamut_status_name(int32_t status) {
    switch (status) {
    case GAMUT_OK:
        return "GAMUT_OK";
    case GAMUT_WRONG_SIZE:
        return "GAMUT_WRONG_SIZE";
    case GAMUT_NO_KERNEL:
        return "GAMUT_NO_KERNEL";
    case GAMUT_NO_FEATURE:
        return "GAMUT_NO_FEATURE";
    case GAMUT_OUT_OF_RANGE:
        return "GAMUT_OUT_OF_RANGE";
    case GAMUT_REFUSED:
        return "GAMUT_REFUSED";
    case GAMUT_MORE:
        return "GAMUT_MORE";
    default:
        return "unknown status";
    }
}
