/* Prints the features that may be used, as a number: for scripts, which compare them. */
#include "gamut.h"

#include <inttypes.h>
#include <stdio.h>

int main(void) {
    printf("%" PRIx64 "\n", gamut_cpu_features());
    return 0;
}
