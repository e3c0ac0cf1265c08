package dev.gamut.vector.gemm;

import dev.gamut.vector.matrix.Elements;

/** Warms both methods of a tile on panels that fit L1. */
final class TileWarmup {
    private static final int DEPTH = 32;
    private static final int ROUND = 64;
    /** Compiled code is past this many operations per nanosecond even on slow machines; the interpreter never is. */
    private static final double COMPILED = 0.5;

    /** Depth that lets an emulated JVM's interpreter, which makes an object of every vector, come to an end. */
    private static final int SHALLOW = 8;

    private TileWarmup() {}

    /** Calls both methods so many times, however fast they are. */
    static <S> void exercise(Tile<S> tile, Elements<S> elements, int mr, int nr, int rounds) {
        S a = elements.allocate(mr * SHALLOW);
        S b = elements.allocate(nr * SHALLOW);
        S c = elements.allocate(mr * nr);
        for (int i = 0; i < rounds; i++) {
            tile.store(SHALLOW, a, 0, SHALLOW, 1, b, 0, c, 0, nr, 1);
            tile.update(SHALLOW, a, 0, SHALLOW, 1, b, 0, c, 0, nr, 1, 1);
        }
    }

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
