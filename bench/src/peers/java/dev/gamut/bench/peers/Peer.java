package dev.gamut.bench.peers;

/** A library that users would take instead of Gamut, behind the one call that is compared. */
interface Peer {
    /** A square F64 or F32 product with operands of its own, ready to run. */
    interface Product {
        /** Computes C = A·B. */
        void run();

        /** C in row-major order, widened to double. */
        double[] result();
    }

    /**
     * Lays out random operands as the peer likes them.
     *
     * @param single F32 rather than F64
     * @param n rows and columns
     * @param a row-major values
     * @param b row-major values
     * @return the product, single-threaded
     */
    Product product(boolean single, int n, double[] a, double[] b);

    /** Version, kernel and threads: what a ratio against it means. */
    String describe();

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
