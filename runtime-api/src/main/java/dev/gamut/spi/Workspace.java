package dev.gamut.spi;

/**
 * Scratch arrays of one running task, kept and grown from use to use so that runs do not allocate. Contents are left over
 * from whoever used it before. One thread at a time.
 *
 * <p>A kernel numbers its arrays from 0 for each element kind; an array stays valid until the same number is asked for
 * with a larger size.
 */
public final class Workspace {
    private static final int SLOTS = 12;

    private final double[][] doubles = new double[SLOTS][];
    private final float[][] floats = new float[SLOTS][];
    private final int[][] ints = new int[SLOTS][];
    private final long[][] longs = new long[SLOTS][];
    private final short[][] shorts = new short[SLOTS][];
    private final byte[][] bytes = new byte[SLOTS][];

    /** Without arrays until they are asked for. */
    public Workspace() {}

    /**
     * A {@code double[]} of at least a size.
     *
     * @param slot 0 to 11
     * @param size elements needed
     * @return the array
     */
    public double[] doubles(int slot, int size) {
        double[] array = doubles[slot];
        if (array == null || array.length < size) {
            array = doubles[slot] = new double[size];
        }
        return array;
    }

    /**
     * A {@code float[]} of at least a size.
     *
     * @param slot 0 to 11
     * @param size elements needed
     * @return the array
     */
    public float[] floats(int slot, int size) {
        float[] array = floats[slot];
        if (array == null || array.length < size) {
            array = floats[slot] = new float[size];
        }
        return array;
    }

    /**
     * An {@code int[]} of at least a size.
     *
     * @param slot 0 to 11
     * @param size elements needed
     * @return the array
     */
    public int[] ints(int slot, int size) {
        int[] array = ints[slot];
        if (array == null || array.length < size) {
            array = ints[slot] = new int[size];
        }
        return array;
    }

    /**
     * A {@code long[]} of at least a size.
     *
     * @param slot 0 to 11
     * @param size elements needed
     * @return the array
     */
    public long[] longs(int slot, int size) {
        long[] array = longs[slot];
        if (array == null || array.length < size) {
            array = longs[slot] = new long[size];
        }
        return array;
    }

    /**
     * A {@code short[]} of at least a size.
     *
     * @param slot 0 to 11
     * @param size elements needed
     * @return the array
     */
    public short[] shorts(int slot, int size) {
        short[] array = shorts[slot];
        if (array == null || array.length < size) {
            array = shorts[slot] = new short[size];
        }
        return array;
    }

    /**
     * A {@code byte[]} of at least a size.
     *
     * @param slot 0 to 11
     * @param size elements needed
     * @return the array
     */
    public byte[] bytes(int slot, int size) {
        byte[] array = bytes[slot];
        if (array == null || array.length < size) {
            array = bytes[slot] = new byte[size];
        }
        return array;
    }
}
