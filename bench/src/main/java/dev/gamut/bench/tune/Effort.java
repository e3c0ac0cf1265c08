package dev.gamut.bench.tune;

/**
 * How much a run measures.
 *
 * @param large shape of the products that tell how fast a register tile is
 * @param tall shape of the products that tell how many rows one packing of B should serve
 * @param peaks how often the machine's peaks are measured
 * @param warmUp seconds that each kernel runs before anything counts
 * @param seconds that each kernel is measured
 */
record Effort(String large, String tall, int peaks, double warmUp, double seconds) {
    /** Under two minutes. */
    static final Effort FULL = new Effort("n1024", "4096x512x256", 3, 0.4, 1.2);

    /** Under 40 seconds. */
    static final Effort QUICK = new Effort("n512", "4096x256x256", 2, 0.2, 0.3);
}
