package dev.gamut.bench.problem;

import java.util.List;

/**
 * A real problem shape; see the head of {@code workloads.csv} for the meaning of each column.
 *
 * @param id unique name
 * @param family heading in tables and charts
 * @param op {@code gemm} or a reduction
 * @param precisions operand types to run it with
 * @param m rows of C; results of a reduction
 * @param n columns of C; 1 for a reduction
 * @param k terms of each result
 * @param batch independent products
 * @param transposeA whether A is stored k×m
 * @param transposeB whether B is stored n×k
 * @param fromMemory whether runs rotate through more data than the last level cache holds
 * @param quick whether {@code --quick} runs it
 * @param routes whether a report shows every route to its result, accuracy against speed
 * @param smaller id of the shape that stands in for the reference; empty for none
 * @param origin where the shape comes from
 */
public record Workload(
        String id,
        String family,
        String op,
        List<Precision> precisions,
        long m,
        long n,
        long k,
        long batch,
        boolean transposeA,
        boolean transposeB,
        boolean fromMemory,
        boolean quick,
        boolean routes,
        String smaller,
        String origin) {
    /** Whether it is a matrix product. */
    public boolean isGemm() {
        return op.equals("gemm");
    }

    /** Sizes as people write them. */
    public String size() {
        if (isGemm()) {
            return m + "×" + n + "×" + k + (batch == 1 ? "" : " ×" + batch);
        }
        return m == 1 ? Long.toString(k) : m + "×" + k;
    }
}
