/* Elements of all types, loaded as float, double or int and stored with one rounding to nearest even. Everything is integer arithmetic on
 * codes, so that no extension is needed and each bit is the one that dev.gamut.dtype prescribes. Indexes count elements. */
#pragma OPENCL FP_CONTRACT OFF
#ifdef FP64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define JOIN(x, y) x##y
#define JOINED(x, y) JOIN(x, y)

typedef GLOBAL const uchar *source;
typedef GLOBAL uchar *target;

/* E bits of exponent and M of fraction; infinities and NaNs where ieee. */
FUNCTION float decoded(uint code, int E, int M, int ieee) {
  int bias = (1 << (E - 1)) - 1;
  uint sign = code >> (E + M);
  uint exponent = (code >> M) & ((1u << E) - 1);
  uint fraction = code & ((1u << M) - 1);
  if (ieee && exponent == (1u << E) - 1) return fraction ? NAN : as_float(sign << 31 | 0x7f800000u);
  if (exponent == 0) {
    float value = (float)fraction * as_float((uint)(128 - bias - M) << 23);
    return sign ? -value : value;
  }
  return as_float(sign << 31 | (exponent + 127 - bias) << 23 | fraction << (23 - M));
}

/* The code nearest to x; above the largest one it is over. */
FUNCTION uint encoded(float x, int E, int M, uint largest, uint over, uint nan) {
  uint bits = as_uint(x);
  uint magnitude = bits & 0x7fffffffu;
  uint sign = (bits >> 31) << (E + M);
  if (magnitude > 0x7f800000u) return nan;
  int lowest = 2 - (1 << (E - 1));
  int exponent = (int)(magnitude >> 23) - 127;
  int dropped = 23 - M + max(lowest - exponent, 0);
  if (dropped > 25) return sign;
  uint whole = (magnitude & 0x7fffffu) | 0x800000u;
  uint kept = whole >> dropped;
  uint rest = whole & ((1u << dropped) - 1);
  uint half_way = 1u << (dropped - 1);
  kept += rest > half_way || (rest == half_way && (kept & 1));
  uint code = kept + (exponent > lowest ? (uint)(exponent - lowest) << M : 0);
  return sign | (code > largest ? over : code);
}

FUNCTION float load_f32(source p, long i) { return ((GLOBAL const float *)p)[i]; }
FUNCTION float load_f16(source p, long i) { return decoded(((GLOBAL const ushort *)p)[i], 5, 10, 1); }
FUNCTION float load_bf16(source p, long i) { return as_float((uint)((GLOBAL const ushort *)p)[i] << 16); }
FUNCTION float load_f8e5m2(source p, long i) { return decoded(p[i], 5, 2, 1); }
FUNCTION float load_f8e4m3(source p, long i) { return (p[i] & 0x7f) == 0x7f ? NAN : decoded(p[i], 4, 3, 0); }
FUNCTION float load_f8e8m0(source p, long i) {
  uint code = p[i];
  return code == 255 ? NAN : code == 0 ? as_float(0x00400000u) : as_float(code << 23);
}
FUNCTION int load_i8(source p, long i) { return (char)p[i]; }
FUNCTION int load_u8(source p, long i) { return p[i]; }
FUNCTION int load_i4(source p, long i) {
  int code = (p[i >> 1] >> (4 * (i & 1))) & 15;
  return (code ^ 8) - 8;
}
FUNCTION int load_i32(source p, long i) { return ((GLOBAL const int *)p)[i]; }
FUNCTION long load_i64(source p, long i) { return ((GLOBAL const long *)p)[i]; }

#ifdef SIXTEEN
/* Sixteen elements that lie one after the other. */
float16 sixteen_f32(source p, long i) { return vload16(0, (GLOBAL const float *)p + i); }
float16 sixteen_bf16(source p, long i) {
  return as_float16(convert_uint16(vload16(0, (GLOBAL const ushort *)p + i)) << 16);
}
float16 sixteen_f16(source p, long i) {
  uint16 code = convert_uint16(vload16(0, (GLOBAL const ushort *)p + i));
  uint16 sign = (code & 0x8000u) << 16;
  uint16 bits = (code & 0x7fffu) << 13;
  uint16 finite = as_uint16(as_float16(bits) * as_float(0x77800000u)); /* times 2^112, which is exact */
  return as_float16(sign | select(finite, bits | 0x7f800000u, (code & 0x7c00u) == 0x7c00u));
}
int16 sixteen_i8(source p, long i) { return convert_int16(vload16(0, (GLOBAL const char *)p + i)); }
#endif

FUNCTION void store_f32(target p, long i, float x) { ((GLOBAL float *)p)[i] = x; }
FUNCTION void store_f16(target p, long i, float x) { ((GLOBAL ushort *)p)[i] = encoded(x, 5, 10, 0x7bff, 0x7c00, 0x7e00); }
FUNCTION void store_bf16(target p, long i, float x) {
  uint bits = as_uint(x);
  uint code = isnan(x) ? 0x7fc0u : (bits + 0x7fffu + ((bits >> 16) & 1)) >> 16;
  ((GLOBAL ushort *)p)[i] = code;
}
FUNCTION void store_i8(target p, long i, float x) { p[i] = isnan(x) ? 0 : (uchar)convert_char_sat_rte(x); }
FUNCTION void store_u8(target p, long i, float x) { p[i] = isnan(x) ? 0 : convert_uchar_sat_rte(x); }
FUNCTION void exact_i8(target p, long i, long x) { p[i] = (uchar)x; }
FUNCTION void exact_u8(target p, long i, long x) { p[i] = (uchar)x; }
FUNCTION void exact_i32(target p, long i, long x) { ((GLOBAL int *)p)[i] = (int)x; }
FUNCTION void exact_i64(target p, long i, long x) { ((GLOBAL long *)p)[i] = x; }

#ifdef FP64
FUNCTION double load_f64(source p, long i) { return ((GLOBAL const double *)p)[i]; }
FUNCTION void store_f64(target p, long i, double x) { ((GLOBAL double *)p)[i] = x; }

/* Rounded so that rounding again to fewer bits gives what rounding x itself gives. */
FUNCTION float rounded_to_odd(double x) {
  float near = convert_float_rtz(x);
  return isnan(x) || (double)near == x ? near : as_float(as_uint(near) | 1);
}
#endif

/* An element whose type is known at run time alone: scale factors, the data of an epilogue. */
FUNCTION REAL load_any(long type, source p, long i) {
  switch (type) {
    case T_F32: return load_f32(p, i);
    case T_F16: return load_f16(p, i);
    case T_BF16: return load_bf16(p, i);
    case T_F8E5M2: return load_f8e5m2(p, i);
    case T_F8E4M3: return load_f8e4m3(p, i);
    case T_F8E8M0: return load_f8e8m0(p, i);
    case T_I8: return load_i8(p, i);
    case T_U8: return load_u8(p, i);
    case T_I4: return load_i4(p, i);
    case T_I32: return load_i32(p, i);
#ifdef FP64
    case T_F64: return load_f64(p, i);
#endif
    default: return NAN;
  }
}

/* Numbers for boxes of elements: type, offset, strides of matrices of a batch, rows and columns. */
typedef struct {
  long type, offset, batch, rows, cols;
} factors;

/* Scale factors and, perhaps, zero points of an operand; elements of a column, and of a row, that share one. */
typedef struct {
  factors scales, zeros;
  long has_zeros, along_rows, along_cols;
} scaling;

FUNCTION float of_box(factors by, source p, long batch, long row, long col) {
  return load_any(by.type, p, by.offset + batch * by.batch + row * by.rows + col * by.cols);
}

/* The number nearest to scale · (code - zero point), where the difference is a float. */
FUNCTION float scaled(scaling by, source scales, source zeros, long batch, long row, long col, float code) {
  long i = row / by.along_rows;
  long j = col / by.along_cols;
  float zero = by.has_zeros ? of_box(by.zeros, zeros, batch, i, j) : 0;
  return of_box(by.scales, scales, batch, i, j) * (code - zero);
}
