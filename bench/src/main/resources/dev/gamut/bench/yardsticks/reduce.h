/*
 * Sum, dot product, minimum and maximum of one element type T (TYPE in names) with vectors of BYTES, in functions that
 * carry TARGET and end in the name ISA. Included once for each of them, as the compiler splits vectors that are wider
 * than a function's target before it would make clones of the function.
 */

/* A vector that may lie anywhere and holds whatever lies there. */
typedef T NAME(vec) __attribute__((vector_size(BYTES), aligned(sizeof(T)), may_alias));

/* What a chain starts with. */
#define START(op) ((op) == MIN ? (T)INFINITY : (op) == MAX ? -(T)INFINITY : 0)

/* Sums add, the others compare, without care for NaN or zeros' signs: first what one number becomes by another. */
#define FOLD(op, a, b)                          \
    ((op) == MIN   ? ((b) < (a) ? (b) : (a))    \
     : (op) == MAX ? ((b) > (a) ? (b) : (a))    \
                   : (a) + (b))

/* Then what a vector becomes by another. */
TARGET ALWAYS_INLINE void NAME(fold)(int op, NAME(vec) *a, const NAME(vec) *b) {
    switch (op) {
        case MIN: *a = VECTOR(min)(*b, *a); break;
        case MAX: *a = VECTOR(max)(*b, *a); break;
        default: *a += *b;
    }
}

/* One vector of x, and of y for a dot product, into a chain. */
TARGET ALWAYS_INLINE void NAME(step)(int op, NAME(vec) *chain, const T *x, const T *y) {
    const NAME(vec) *v = (const NAME(vec) *)x, *w = (const NAME(vec) *)y;
    if (op == DOT) {
        *chain = *chain + *v * *w;
    } else {
        NAME(fold)(op, chain, v);
    }
}

/*
 * Eight chains however many streams there are, which hides four cycles' latency at two additions a cycle. op and streams
 * are constants wherever this is inlined, so that chains become registers and conditions go away.
 */
TARGET ALWAYS_INLINE T NAME(loop)(int op, const T *x, const T *y, int64_t n, int streams) {
    enum { LANES = BYTES / sizeof(T), CHAINS = 8 };
    int64_t chains = CHAINS / streams;                                  /* of one stream */
    int64_t length = n / streams / (chains * LANES) * (chains * LANES); /* of one stream, in whole rounds */
    NAME(vec) chain[CHAINS];
    UNROLL for (int k = 0; k < CHAINS; k++) {
        chain[k] = (NAME(vec)){} + START(op);
    }
    for (int64_t i = 0; i < length; i += chains * LANES) {
        UNROLL for (int k = 0; k < CHAINS; k++) {
            int64_t at = k / chains * length + i + k % chains * LANES;
            NAME(step)(op, &chain[k], x + at, y + at);
        }
    }
    int64_t i = length * streams;
    for (; i + LANES <= n; i += LANES) {
        NAME(step)(op, &chain[0], x + i, y + i);
    }
    UNROLL for (int k = 0; k < 4; k++) {
        NAME(fold)(op, &chain[k], &chain[k + 4]);
    }
    NAME(fold)(op, &chain[0], &chain[2]);
    NAME(fold)(op, &chain[1], &chain[3]);
    NAME(fold)(op, &chain[0], &chain[1]);
    T result = START(op);
    for (int lane = 0; lane < LANES; lane++) {
        result = FOLD(op, result, chain[0][lane]);
    }
    for (; i < n; i++) {
        result = FOLD(op, result, op == DOT ? x[i] * y[i] : x[i]);
    }
    return result;
}

/* The same with constants, one loop for each operation and number of streams. */
#define STREAMS(op)                                 \
    (streams == 1   ? NAME(loop)(op, x, y, n, 1)    \
     : streams == 2 ? NAME(loop)(op, x, y, n, 2)    \
     : streams == 4 ? NAME(loop)(op, x, y, n, 4)    \
                    : NAME(loop)(op, x, y, n, 8))

TARGET static T NAME(reduce)(int op, const T *x, const T *y, int64_t n, int streams) {
    return op == SUM   ? STREAMS(SUM)
           : op == DOT ? STREAMS(DOT)
           : op == MIN ? STREAMS(MIN)
                       : STREAMS(MAX);
}
#undef STREAMS
#undef FOLD
#undef START
