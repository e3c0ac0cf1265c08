/* Reductions: groups of 64 work-items take parts of the terms of a result, a second kernel joins the parts. X is the type of the terms, SUM
 * what they are combined in, RESULT a type or INDEX. Of a selection the smallest key wins, NaN before all; of equals the lowest index. */
#define GROUP 64
#define NONE LONG_MAX

typedef struct {
  long terms, results, parts, x, y, out;
  long term_sizes[4], term_x[4], term_y[4];
  long result_sizes[4], result_x[4], result_y[4];
} shape;

typedef struct {
  SUM value;
  long index;
} state;

long place(long number, const long *sizes, const long *strides) {
  long at = 0;
  for (int d = 3; d >= 0; d--) {
    at += number % sizes[d] * strides[d];
    number /= sizes[d];
  }
  return at;
}

#ifdef SELECTS
bool is_nan(SUM x) {
#ifdef INTEGERS
  return false;
#else
  return isnan(x);
#endif
}

bool is_lower_zero(SUM x, SUM than) {
#ifdef INTEGERS
  return false;
#else
  return x == 0 && than == 0 && signbit(x) && !signbit(than);
#endif
}

state joined(state a, state b) {
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
state joined(state a, state b) {
  state both = {a.value + b.value, 0};
  return both;
}
#endif

state nothing() {
  state none = {0, NONE};
  return none;
}

state term(shape s, source x, source y, long start_x, long start_y, long t) {
  SUM value = JOINED(load_, X)(x, start_x + place(t, s.term_sizes, s.term_x));
#ifdef BINARY
  SUM other = JOINED(load_, X)(y, start_y + place(t, s.term_sizes, s.term_y));
#endif
  state one = {TERM, t};
  return one;
}

kernel void parts(shape s, source x, source y, global SUM *values, global long *indexes) {
  long part = get_group_id(0);
  long result = get_group_id(1);
  int lane = get_local_id(0);
  long start_x = s.x + place(result, s.result_sizes, s.result_x);
  long start_y = s.y + place(result, s.result_sizes, s.result_y);
  long end = s.terms * (part + 1) / s.parts;
  state own = nothing();
  for (long t = s.terms * part / s.parts + lane; t < end; t += GROUP) own = joined(own, term(s, x, y, start_x, start_y, t));
  local SUM lane_values[GROUP];
  local long lane_indexes[GROUP];
  lane_values[lane] = own.value;
  lane_indexes[lane] = own.index;
  for (int half_of = GROUP / 2; half_of > 0; half_of /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (lane < half_of) {
      state a = {lane_values[lane], lane_indexes[lane]};
      state b = {lane_values[lane + half_of], lane_indexes[lane + half_of]};
      state both = joined(a, b);
      lane_values[lane] = both.value;
      lane_indexes[lane] = both.index;
    }
  }
  if (lane == 0) {
    values[result * s.parts + part] = lane_values[0];
    indexes[result * s.parts + part] = lane_indexes[0];
  }
}

kernel void join_parts(shape s, global const SUM *values, global const long *indexes, target out) {
  long result = get_global_id(0);
  if (result >= s.results) return;
  state all = nothing();
  for (long part = 0; part < s.parts; part++) {
    state one = {values[result * s.parts + part], indexes[result * s.parts + part]};
    all = joined(all, one);
  }
#ifdef INDEX
  exact_i64(out, s.out + result, all.index);
#else
  SUM key = all.value;
  STORE(out, s.out + result, VALUE);
#endif
}
