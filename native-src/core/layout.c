#include "gamut.h"

#include <string.h>

#define SIZE(type) {#type, sizeof(type)}
#define OFFSET(type, field) {#type "." #field, offsetof(type, field)}

static const struct {
    const char *name;
    int64_t bytes;
} layouts[] = {
    SIZE(gamut_kernel),
    OFFSET(gamut_kernel, id),
    OFFSET(gamut_kernel, features),
    OFFSET(gamut_kernel, compiled),
    SIZE(gamut_gemm),
    OFFSET(gamut_gemm, size),
    OFFSET(gamut_gemm, kernel),
    OFFSET(gamut_gemm, m),
    OFFSET(gamut_gemm, n),
    OFFSET(gamut_gemm, k),
    OFFSET(gamut_gemm, a_row),
    OFFSET(gamut_gemm, a_col),
    OFFSET(gamut_gemm, b_row),
    OFFSET(gamut_gemm, b_col),
    OFFSET(gamut_gemm, c_row),
    OFFSET(gamut_gemm, c_col),
    OFFSET(gamut_gemm, alpha),
    OFFSET(gamut_gemm, beta),
    OFFSET(gamut_gemm, mc),
    OFFSET(gamut_gemm, nc),
    OFFSET(gamut_gemm, b_packed),
    OFFSET(gamut_gemm, column_factors),
    OFFSET(gamut_gemm, zero_point),
    SIZE(gamut_residues),
    OFFSET(gamut_residues, moduli),
    OFFSET(gamut_residues, span),
    OFFSET(gamut_residues, row_blocks),
    OFFSET(gamut_residues, col_blocks),
    OFFSET(gamut_residues, natives),
    OFFSET(gamut_residues, natives_at),
    OFFSET(gamut_residues, apart),
    OFFSET(gamut_residues, copy_at),
    SIZE(gamut_weights),
    OFFSET(gamut_weights, size),
    OFFSET(gamut_weights, kernel),
    OFFSET(gamut_weights, m),
    OFFSET(gamut_weights, n),
    OFFSET(gamut_weights, k),
    OFFSET(gamut_weights, x_first),
    OFFSET(gamut_weights, x_row),
    OFFSET(gamut_weights, x_scale_type),
    OFFSET(gamut_weights, x_group),
    OFFSET(gamut_weights, x_scale_first),
    OFFSET(gamut_weights, x_scale_row),
    OFFSET(gamut_weights, x_scale_group),
    OFFSET(gamut_weights, w_first),
    OFFSET(gamut_weights, w_col),
    OFFSET(gamut_weights, group),
    OFFSET(gamut_weights, scale_type),
    OFFSET(gamut_weights, scale_first),
    OFFSET(gamut_weights, scale_group),
    OFFSET(gamut_weights, scale_col),
    OFFSET(gamut_weights, zero_type),
    OFFSET(gamut_weights, zero_first),
    OFFSET(gamut_weights, zero_group),
    OFFSET(gamut_weights, zero_col),
    OFFSET(gamut_weights, y_first),
    OFFSET(gamut_weights, y_row),
    OFFSET(gamut_weights, y_col),
    OFFSET(gamut_weights, alpha),
    OFFSET(gamut_weights, beta),
    SIZE(gamut_reduce),
    OFFSET(gamut_reduce, size),
    OFFSET(gamut_reduce, kernel),
    OFFSET(gamut_reduce, n),
    SIZE(gamut_convert),
    OFFSET(gamut_convert, size),
    OFFSET(gamut_convert, kernel),
    OFFSET(gamut_convert, x_first),
    OFFSET(gamut_convert, x_row),
    OFFSET(gamut_convert, y_first),
    OFFSET(gamut_convert, y_row),
    OFFSET(gamut_convert, group),
    OFFSET(gamut_convert, scale_type),
    OFFSET(gamut_convert, scale_first),
    OFFSET(gamut_convert, scale_row),
    OFFSET(gamut_convert, scale_group),
    OFFSET(gamut_convert, zero_type),
    OFFSET(gamut_convert, zero_first),
    OFFSET(gamut_convert, zero_row),
    OFFSET(gamut_convert, zero_group),
};

int64_t gamut_layout(const char *name) {
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (strcmp(layouts[i].name, name) == 0) {
            return layouts[i].bytes;
        }
    }
    return -1;
}
