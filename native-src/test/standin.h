/* What a routine of the stand-in answers with: a number that no two of its arguments can change places or be lost without changing. */
#ifndef GAMUT_STANDIN_H
#define GAMUT_STANDIN_H

#define DIGEST(...) digest((int)(sizeof(double[]){__VA_ARGS__} / sizeof(double)), (double[]){__VA_ARGS__})

static inline double digest(int count, const double *x) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum = 3 * sum + x[i];
    }
    return sum;
}

#endif
