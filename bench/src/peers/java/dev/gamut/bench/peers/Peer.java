package dev.gamut.bench.peers;

/** A library that users would take instead of Gamut, behind the one call that is compared. */
interface Peer extends AutoCloseable {
    /** A square F64 or F32 product with operands of its own, ready to run. */
    interface Product {
        /** Computes C = A·B. */
        void run();

        /** C in row-major order, widened to double. */
        double[] result();
    }

    /**
     * Lays out operands as the peer likes them.
     *
     * @param single F32 rather than F64
     * @param n rows and columns
     * @param a n·n values of A in row-major order; the peer may keep the array
     * @param b n·n values of B in row-major order; the peer may keep the array
     * @return the product, to be run by one caller at a time, on as many threads as {@link #describe} says
     */
    Product product(boolean single, int n, double[] a, double[] b);

    /** Version, kernel of the last {@link #product} where the peer tells, and threads: what a ratio against it means. */
    String describe();

    /** Gives back what the peer holds; its products must not run any more. */
    @Override
    default void close() {}

    /**
     * Values as floats.
     *
     * @param values doubles
     * @return rounded copies
     */
    static float[] floats(double[] values) {
        float[] f = new float[values.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) values[i];
        }
        return f;
    }

    /**
     * Values as doubles.
     *
     * @param values floats
     * @return exact copies
     */
    static double[] doubles(float[] values) {
        double[] d = new double[values.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = values[i];
        }
        return d;
    }
}
