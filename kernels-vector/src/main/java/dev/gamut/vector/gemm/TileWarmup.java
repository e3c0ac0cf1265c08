package dev.gamut.vector.gemm;

import dev.gamut.vector.matrix.Elements;

/** Warms both methods of a tile on panels that fit L1. */
final class TileWarmup {
    private static final int DEPTH = 32;
    private static final int ROUND = 64;
    /** Compiled code is past this many operations per nanosecond even on slow machines; the interpreter never is. */
    private static final double COMPILED = 0.5;

    private TileWarmup() {}

    static <S> void run(Tile<S> tile, Elements<S> elements, int mr, int nr, long deadline) {
        S a = elements.allocate(mr * DEPTH);
        S b = elements.allocate(nr * DEPTH);
        S c = elements.allocate(mr * nr);
        double operations = 4.0 * mr * nr * DEPTH * ROUND;
        int fast = 0;
        long now = System.nanoTime();
        while (fast < 20 && now < deadline) {
            for (int i = 0; i < ROUND && System.nanoTime() < deadline; i++) {
                tile.store(DEPTH, a, 0, DEPTH, 1, b, 0, c, 0, nr, 1);
                tile.update(DEPTH, a, 0, DEPTH, 1, b, 0, c, 0, nr, 1, 1);
            }
            long end = System.nanoTime();
            fast = operations / (end - now) > COMPILED ? fast + 1 : 0;
            now = end;
        }
    }
}
