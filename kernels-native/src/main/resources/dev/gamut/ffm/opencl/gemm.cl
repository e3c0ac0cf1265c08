/* C = epilogue(alpha·A·B + beta·C): a block of four rows and four columns for each work-item, its columns as far apart as there are work-items
 * along a row, so that neighbours read neighbours. A, B and C are types, ELEMENT is what is multiplied, SUM what products are summed in, REAL
 * what follows works in, FACTOR what alpha and beta are; EXACT where C is of integers that nothing follows. A_SCALED and B_SCALED tell of
 * scale factors. */
#define BLOCK 4

typedef struct {
  long offset, batch, rows, cols;
} matrix;

/* An operation of the epilogue: which, type of its data, where they lie, the zero point. */
typedef struct {
  long code, type, offset, batch, rows, cols, zero;
} operation;

enum { ADD = 1, RELU, GELU, GELU_TANH, SILU, REQUANTISE };

typedef struct {
  long m, n, k, across, product, checked, count;
  matrix a, b, c;
  operation operations[4];
} shape;

#ifdef FP64
/* dev.gamut.gemm.Activations, operation by operation. */
double horner(constant const double *c, int n, double x) {
  double value = c[0];
  for (int i = 1; i < n; i++) value = fma(value, x, c[i]);
  return value;
}

double exponential(double x) {
  double shifted = fma(x, LOG2_E, ROUNDER);
  double k = shifted - ROUNDER;
  double r = fma(k, -LN2_LOW, fma(k, -LN2_HIGH, x));
  double value = fma(horner(EXP_TAIL, sizeof(EXP_TAIL) / 8, r) * r, r, r) + 1.0;
  return value * as_double((as_long(shifted) << 52) + as_long(1.0));
}

double nan_for_minus_infinity(double x) {
  double negative = isnan(x) ? x : fmin(x, 0.0);
  return negative - negative;
}

double logistic(double x, double t) {
  double e = exponential(-fmin(fmax(t, -LARGEST), LARGEST));
  return isnan(t) ? t : x / (1 + e) + nan_for_minus_infinity(x);
}

double gelu(double x) {
  if (isnan(x)) return x;
  double y = fmin(fabs(x) * SQRT_HALF, LARGEST_ERF);
  double square = y * y;
  bool small = y < SMALL_ERF;
  double numerator = small ? y * horner(P_SMALL, sizeof(P_SMALL) / 8, square)
                           : exponential(-square) * horner(P_LARGE, sizeof(P_LARGE) / 8, y);
  double denominator = small ? horner(Q_SMALL, sizeof(Q_SMALL) / 8, square) : horner(Q_LARGE, sizeof(Q_LARGE) / 8, y);
  double half_erf = 0.5 * (numerator / denominator);
  bool negative = x < 0;
  double base = small ? 0.5 : negative ? 0 : 1;
  return x * (base + (small == negative ? -half_erf : half_erf)) + nan_for_minus_infinity(x);
}
#endif

REAL applied(operation op, source data, REAL x, long batch, long row, long col) {
  REAL datum = data ? load_any(op.type, data, op.offset + batch * op.batch + row * op.rows + col * op.cols) : 0;
  switch (op.code) {
    case ADD: return x + datum;
    case RELU: return x > 0 || isnan(x) ? x : 0;
    case REQUANTISE: return fma(x, datum, (REAL)op.zero);
#ifdef FP64
    case GELU: return gelu(x);
    case GELU_TANH: return logistic(x, TWICE_SQRT_2_OVER_PI * fma(CUBE * x * (double)x, (double)x, (double)x));
    case SILU: return logistic(x, x);
#endif
    default: return NAN;
  }
}

#ifdef EXACT
void finish(shape s, target c, FACTOR alpha, FACTOR beta, source d0, source d1, source d2, source d3, global int *overflow,
            long sum, long batch, long row, long col) {
  long at = s.c.offset + batch * s.c.batch + row * s.c.rows + col * s.c.cols;
  if (!s.checked) {
    JOINED(exact_, C)(c, at, s.product ? sum : 0);
    return;
  }
  long old = beta ? (long)JOINED(load_, C)((source)c, at) : 0;
  long left = s.product ? alpha * sum : 0;
  long right = beta * old;
  long value = left + right;
  bool wrong = s.product && mul_hi(alpha, sum) != left >> 63;
  wrong |= mul_hi(beta, old) != right >> 63 || ((left ^ value) & (right ^ value)) < 0;
  wrong |= C_BITS == 32 && value != (int)value;
  if (wrong) *overflow = 1;
  JOINED(exact_, C)(c, at, value);
}
#else
void finish(shape s, target c, FACTOR alpha, FACTOR beta, source d0, source d1, source d2, source d3, global int *overflow,
            SUM sum, long batch, long row, long col) {
  long at = s.c.offset + batch * s.c.batch + row * s.c.rows + col * s.c.cols;
  REAL old = beta == 0 ? 0 : (REAL)JOINED(load_, C)((source)c, at);
  REAL t = s.product ? alpha * (REAL)sum : beta == 0 ? 0 : beta * old;
  if (s.product && beta != 0) t = fma(beta, old, t);
  if (s.count > 0) t = applied(s.operations[0], d0, t, batch, row, col);
  if (s.count > 1) t = applied(s.operations[1], d1, t, batch, row, col);
  if (s.count > 2) t = applied(s.operations[2], d2, t, batch, row, col);
  if (s.count > 3) t = applied(s.operations[3], d3, t, batch, row, col);
  JOINED(store_, C)(c, at, t);
}
#endif

kernel void gemm(shape s, source a, source b, target c, scaling of_a, source scales_a, source zeros_a, scaling of_b,
                 source scales_b, source zeros_b, FACTOR alpha, FACTOR beta, source d0, source d1, source d2, source d3,
                 global int *overflow) {
  long x = get_global_id(0);
  long first = get_global_id(1) * BLOCK;
  long batch = get_global_id(2);
  if (x >= s.across || first >= s.m) return;
  long left[BLOCK], right[BLOCK], rows[BLOCK], cols[BLOCK];
  for (int t = 0; t < BLOCK; t++) {
    rows[t] = min(first + t, s.m - 1);
    cols[t] = min(x + t * s.across, s.n - 1);
    left[t] = s.a.offset + batch * s.a.batch + rows[t] * s.a.rows;
    right[t] = s.b.offset + batch * s.b.batch + cols[t] * s.b.cols;
  }
  SUM sum[BLOCK][BLOCK];
  for (int t = 0; t < BLOCK; t++)
    for (int u = 0; u < BLOCK; u++) sum[t][u] = 0;
  for (long l = 0; s.product && l < s.k; l++) {
    ELEMENT of_row[BLOCK], of_col[BLOCK];
    for (int t = 0; t < BLOCK; t++) {
#if A_SCALED
      of_row[t] = scaled(of_a, scales_a, zeros_a, batch, rows[t], l, (float)JOINED(load_, A)(a, left[t] + l * s.a.cols));
#else
      of_row[t] = JOINED(load_, A)(a, left[t] + l * s.a.cols);
#endif
#if B_SCALED
      of_col[t] = scaled(of_b, scales_b, zeros_b, batch, l, cols[t], (float)JOINED(load_, B)(b, right[t] + l * s.b.rows));
#else
      of_col[t] = JOINED(load_, B)(b, right[t] + l * s.b.rows);
#endif
    }
    for (int t = 0; t < BLOCK; t++)
      for (int u = 0; u < BLOCK; u++)
#ifdef INTEGERS
        sum[t][u] += (SUM)(of_row[t] * of_col[u]);
#else
        sum[t][u] = fma(of_row[t], of_col[u], sum[t][u]);
#endif
  }
  for (int t = 0; t < BLOCK && first + t < s.m; t++)
    for (int u = 0; u < BLOCK && x + u * s.across < s.n; u++)
      finish(s, c, alpha, beta, d0, d1, d2, d3, overflow, sum[t][u], batch, first + t, x + u * s.across);
}

#ifdef SIXTEEN
/* The same with blocks of eight rows and sixteen columns, for B whose rows are contiguous and no scale factors: what compilers for CPUs make
 * vectors of. The last block of a row begins earlier, so that it is whole, and leaves alone what the one before it stores. */
#define TALL 8
#define WIDE 16

kernel void gemm_wide(shape s, source a, source b, target c, FACTOR alpha, FACTOR beta, source d0, source d1, source d2, source d3,
                      global int *overflow) {
  long x = get_global_id(0);
  long first = get_global_id(1) * TALL;
  long batch = get_global_id(2);
  if (x >= s.across || first >= s.m) return;
  long col = min(x * WIDE, s.n - WIDE);
  long left[TALL];
  for (int t = 0; t < TALL; t++) left[t] = s.a.offset + batch * s.a.batch + min(first + t, s.m - 1) * s.a.rows;
  long right = s.b.offset + batch * s.b.batch + col;
  JOINED(SUM, 16) sum[TALL];
  for (int t = 0; t < TALL; t++) sum[t] = 0;
  for (long l = 0; s.product && l < s.k; l++) {
    JOINED(SUM, 16) of_col = JOINED(convert_, JOINED(SUM, 16))(JOINED(sixteen_, B)(b, right + l * s.b.rows));
#pragma unroll
    for (int t = 0; t < TALL; t++) {
      ELEMENT of_row = JOINED(load_, A)(a, left[t] + l * s.a.cols);
#ifdef INTEGERS
      sum[t] += of_row * of_col;
#else
      sum[t] = fma((JOINED(SUM, 16))(of_row), of_col, sum[t]);
#endif
    }
  }
  for (int t = 0; t < TALL && first + t < s.m; t++) {
    SUM lanes[WIDE];
    vstore16(sum[t], 0, lanes);
    for (long u = x * WIDE - col; u < WIDE; u++)
      finish(s, c, alpha, beta, d0, d1, d2, d3, overflow, lanes[u], batch, first + t, col + u);
  }
}
#endif

/* What follows sums that another library computed: a matrix of SUM for each of the batch, row after row. */
#ifndef EXACT
kernel void finish_sums(shape s, source sums, target c, FACTOR alpha, FACTOR beta, source d0, source d1, source d2, source d3) {
  long col = get_global_id(0);
  long row = get_global_id(1);
  long batch = get_global_id(2);
  if (col >= s.n || row >= s.m) return;
  SUM sum = s.product ? ((global const SUM *)sums)[(batch * s.m + row) * s.n + col] : 0;
  finish(s, c, alpha, beta, d0, d1, d2, d3, 0, sum, batch, row, col);
}
#endif
