package dev.gamut.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Scratch memory of one running task, kept and grown from use to use so that runs do not allocate. Contents are left over
 * from whoever used it before. One thread at a time.
 *
 * <p>A kernel numbers its arrays from 0 for each element kind; an array stays valid until the same number is asked for
 * with a larger size. The memory outside the heap is one piece. {@link #close} frees it; a workspace can be used again after.
 */
public final class Workspace implements AutoCloseable {
    private static final int SLOTS = 12;
    private static final long CACHE_LINE = 64;
    private static final long LARGE_PAGE = 2 << 20;
    private static final AtomicLong NATIVE_BYTES = new AtomicLong();

    private final double[][] doubles = new double[SLOTS][];
    private final float[][] floats = new float[SLOTS][];
    private final int[][] ints = new int[SLOTS][];
    private final long[][] longs = new long[SLOTS][];
    private final short[][] shorts = new short[SLOTS][];
    private final byte[][] bytes = new byte[SLOTS][];
    private MemorySegment memory = MemorySegment.NULL;
    private boolean prepared;
    private Arena arena;

    /** Without arrays or memory until they are asked for. */
    public Workspace() {}

    /** Bytes outside the heap that all workspaces of this process hold. */
    public static long nativeBytes() {
        return NATIVE_BYTES.get();
    }

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

    /**
     * To what multiple of bytes memory should be aligned: to cache lines, or where it is as large as one to large pages, in which the system may
     * put it then.
     *
     * @param size bytes of the memory
     * @return 64, or from 2 MiB on 2 MiB
     */
    public static long alignment(long size) {
        return size < LARGE_PAGE ? CACHE_LINE : LARGE_PAGE;
    }

    /**
     * Memory outside the heap of at least a size, aligned as {@link #alignment} says. Valid until a larger size is asked for.
     *
     * @param size bytes needed
     * @return the memory
     */
    public MemorySegment memory(long size) {
        if (memory.byteSize() < size) {
            close();
            Arena grown = Arena.ofShared();
            try {
                memory = grown.allocate(size, alignment(size));
            } catch (Throwable e) {
                grown.close();
                throw e;
            }
            arena = grown;
            NATIVE_BYTES.addAndGet(size);
        }
        return memory;
    }

    /**
     * The same, made ready once: where nobody has prepared the memory since it was allocated, all of it, which may be more than was asked for,
     * is given to {@code prepare} first, whatever it holds.
     *
     * @param size bytes needed
     * @param prepare what is done to memory before it is used; what the memory holds may be lost
     * @return the memory
     */
    public MemorySegment memory(long size, Consumer<MemorySegment> prepare) {
        MemorySegment all = memory(size);
        if (!prepared) {
            prepare.accept(all);
            prepared = true;
        }
        return all;
    }

    /** Frees the memory outside the heap. */
    @Override
    public void close() {
        if (arena != null) {
            NATIVE_BYTES.addAndGet(-memory.byteSize());
            memory = MemorySegment.NULL;
            prepared = false;
            arena.close();
            arena = null;
        }
    }
}
