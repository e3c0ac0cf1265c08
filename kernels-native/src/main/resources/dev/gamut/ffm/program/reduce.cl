/* Reductions: groups of GROUP work-items take parts of the terms of a result, a second function joins the parts. X is the type of the terms, SUM
 * what they are combined in, RESULT a type or INDEX. Of a selection the smallest key wins, NaN before all; of equals the lowest index. */
#define NONE LONG_MAX

typedef struct {
  long terms, results, parts, along, x, y, out; /* along: terms differ along the last axis only */
  long term_sizes[4], term_x[4], term_y[4];
  long result_sizes[4], result_x[4], result_y[4];
} shape;

typedef struct {
  SUM value;
  long index;
} state;

FUNCTION long place(long number, const long *sizes, const long *strides) {
  long at = 0;
  for (int d = 3; d >= 0; d--) {
    at += number % sizes[d] * strides[d];
    number /= sizes[d];
  }
  return at;
}

#ifdef SELECTS
FUNCTION bool is_nan(SUM x) {
#ifdef INTEGERS
  return false;
#else
  return isnan(x);
#endif
}

FUNCTION bool is_lower_zero(SUM x, SUM than) {
#ifdef INTEGERS
  return false;
#else
  return x == 0 && than == 0 && signbit(x) && !signbit(than);
#endif
}

FUNCTION state joined(state a, state b) {
  if (a.index == NONE) return b;
  if (b.index == NONE) return a;
  bool nan_a = is_nan(a.value), nan_b = is_nan(b.value);
  bool first = a.index < b.index;
  if (nan_a || nan_b) return nan_a && (!nan_b || first) ? a : b;
  if (a.value != b.value) return a.value < b.value ? a : b;
  state equal = {is_lower_zero(b.value, a.value) ? b.value : a.value, first ? a.index : b.index};
  return equal;
}
#else
FUNCTION state joined(state a, state b) {
  state both = {a.value + b.value, 0};
  return both;
}
#endif

FUNCTION state nothing() {
  state none = {0, NONE};
  return none;
}

/* The one that lies at x, and at y where there are two. */
FUNCTION state term(source x, source y, long at_x, long at_y, long t) {
  SUM value = JOINED(load_, X)(x, at_x);
#ifdef BINARY
  SUM other = JOINED(load_, X)(y, at_y);
#endif
  state one = {TERM, t};
  return one;
}

/* What all lanes of a group have, joined in lane 0. */
#define JOIN_LANES(own)                                        \
  local SUM lane_values[GROUP];                                \
  local long lane_indexes[GROUP];                              \
  lane_values[lane] = own.value;                               \
  lane_indexes[lane] = own.index;                              \
  for (int half_of = GROUP / 2; half_of > 0; half_of /= 2) {   \
    barrier(CLK_LOCAL_MEM_FENCE);                              \
    if (lane < half_of) {                                      \
      state a = {lane_values[lane], lane_indexes[lane]};       \
      state b = {lane_values[lane + half_of], lane_indexes[lane + half_of]}; \
      state both = joined(a, b);                               \
      lane_values[lane] = both.value;                          \
      lane_indexes[lane] = both.index;                         \
    }                                                          \
  }

KERNEL(parts)(shape s, source x, source y, GLOBAL SUM *values, GLOBAL long *indexes) {
  long result = get_group_id(0);
  long part = get_group_id(1);
  int lane = get_local_id(0);
  long start_x = s.x + place(result, s.result_sizes, s.result_x);
  long start_y = s.y + place(result, s.result_sizes, s.result_y);
  long end = s.terms * (part + 1) / s.parts;
  state own = nothing();
  if (s.along) {
    for (long t = s.terms * part / s.parts + lane; t < end; t += GROUP)
      own = joined(own, term(x, y, start_x + t * s.term_x[3], start_y + t * s.term_y[3], t));
  } else {
    for (long t = s.terms * part / s.parts + lane; t < end; t += GROUP)
      own = joined(own, term(x, y, start_x + place(t, s.term_sizes, s.term_x), start_y + place(t, s.term_sizes, s.term_y), t));
  }
  JOIN_LANES(own)
  if (lane == 0) {
    values[result * s.parts + part] = lane_values[0];
    indexes[result * s.parts + part] = lane_indexes[0];
  }
}

KERNEL(join_parts)(shape s, GLOBAL const SUM *values, GLOBAL const long *indexes, target out) {
  long result = get_group_id(0);
  int lane = get_local_id(0);
  state own = nothing();
  for (long part = lane; part < s.parts; part += GROUP) {
    state one = {values[result * s.parts + part], indexes[result * s.parts + part]};
    own = joined(own, one);
  }
  JOIN_LANES(own)
  if (lane > 0) return;
#ifdef INDEX
  exact_i64(out, s.out + result, lane_indexes[0]);
#else
  SUM key = lane_values[0];
  STORE(out, s.out + result, VALUE);
#endif
}
