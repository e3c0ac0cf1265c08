package dev.gamut.vector.gemm;

import dev.gamut.vector.matrix.Elements;

/** Warms the tiles of an unpacked kernel: whole, single and masked columns, with and without the old C. */
final class SmallWarmup {
    private static final int ROUND = 64;
    /** Nanoseconds below which a call is compiled code; interpreted it takes a hundred times as long. */
    private static final long COMPILED = 3_000;

    private SmallWarmup() {}

    static <S> void run(Small<S> small, Elements<S> elements, long deadline) {
        int n = 3 * elements.lanes() + 1;
        int m = 9;
        int k = 8;
        S a = elements.allocate(m * k);
        S b = elements.allocate(k * n);
        S c = elements.allocate(m * n);
        int fast = 0;
        long now = System.nanoTime();
        while (fast < 20 && now < deadline) {
            for (int i = 0; i < ROUND && System.nanoTime() < deadline; i++) {
                small.multiply(m, n, k, a, 0, k, 1, b, 0, n, c, 0, n, 1, i % 2);
            }
            long end = System.nanoTime();
            fast = end - now < ROUND * COMPILED ? fast + 1 : 0;
            now = end;
        }
    }
}
