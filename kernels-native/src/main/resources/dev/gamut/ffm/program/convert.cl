/* Conversions: every element of a batch of matrices, rounded once from its exact value, or from the float nearest to it where it has a scale
 * factor. X and Y are types; WIDE where X is F64. */
typedef struct {
  long batch, rows, cols;
  long x, x_batch, x_rows, x_cols;
  long y, y_batch, y_rows, y_cols;
} shape;

KERNEL(convert)(shape s, source x, scaling by, source scales, source zeros, target y) {
  long col = get_global_id(0);
  if (col >= s.cols) return;
  for (long batch = get_global_id(2); batch < s.batch; batch += get_global_size(2))
    for (long row = get_global_id(1); row < s.rows; row += get_global_size(1)) {
      long from = s.x + batch * s.x_batch + row * s.x_rows + col * s.x_cols;
      long to = s.y + batch * s.y_batch + row * s.y_rows + col * s.y_cols;
#if X_SCALED
      float value = scaled(by, scales, zeros, batch, row, col, (float)JOINED(load_, X)(x, from));
#else
      FROM value = JOINED(load_, X)(x, from);
#endif
      JOINED(store_, Y)(y, to, NARROWED(value));
    }
}
