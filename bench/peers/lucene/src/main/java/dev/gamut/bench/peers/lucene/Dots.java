package dev.gamut.bench.peers.lucene;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.gamut.bench.peer.Side;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.apache.lucene.util.VectorUtil;

/** Dot products of rows with a vector, each row an array of its own as Lucene takes it. */
abstract class Dots implements Side {
    /** Products of signed bytes, up to 2^14 each, whose sum fits an int. */
    static final int MOST_BYTES = Integer.MAX_VALUE >> 14;

    final int rows;
    final int length;

    private Dots(int rows, int length) {
        this.rows = rows;
        this.length = length;
    }

    /**
     * Lays out a set of operands.
     *
     * @param set its number
     * @param matrix its array, row after row
     * @param vector its array
     */
    abstract void set(int set, Object matrix, Object vector);

    /** VectorUtil.dotProduct of floats. */
    static final class Floats extends Dots {
        private final float[][][] matrix;
        private final float[][] vector;
        private final float[][] result;

        Floats(int rows, int length, int sets) {
            super(rows, length);
            matrix = new float[sets][rows][];
            vector = new float[sets][];
            result = new float[sets][rows];
        }

        @Override
        void set(int set, Object from, Object with) {
            for (int i = 0; i < rows; i++) {
                matrix[set][i] =
                        rows == 1 ? (float[]) from : Arrays.copyOfRange((float[]) from, i * length, (i + 1) * length);
            }
            vector[set] = (float[]) with;
        }

        @Override
        public void run(int set) {
            float[] x = vector[set];
            float[] y = result[set];
            float[][] a = matrix[set];
            for (int i = 0; i < y.length; i++) {
                y[i] = VectorUtil.dotProduct(x, a[i]);
            }
        }

        @Override
        public void result(Tensor into) {
            MemorySegment.copy(result[0], 0, into.segment(), JAVA_FLOAT, 0, rows);
        }
    }

    /** VectorUtil.dotProduct of signed bytes. */
    static final class Bytes extends Dots {
        private final byte[][][] matrix;
        private final byte[][] vector;
        private final int[][] result;

        Bytes(int rows, int length, int sets) {
            super(rows, length);
            matrix = new byte[sets][rows][];
            vector = new byte[sets][];
            result = new int[sets][rows];
        }

        @Override
        void set(int set, Object from, Object with) {
            for (int i = 0; i < rows; i++) {
                matrix[set][i] =
                        rows == 1 ? (byte[]) from : Arrays.copyOfRange((byte[]) from, i * length, (i + 1) * length);
            }
            vector[set] = (byte[]) with;
        }

        @Override
        public void run(int set) {
            byte[] x = vector[set];
            int[] y = result[set];
            byte[][] a = matrix[set];
            for (int i = 0; i < y.length; i++) {
                y[i] = VectorUtil.dotProduct(x, a[i]);
            }
        }

        /** I32 for a product, I64 for a reduction. */
        @Override
        public void result(Tensor into) {
            for (int i = 0; i < rows; i++) {
                into.dtype().store(into.segment(), i, result[0][i]);
            }
        }
    }
}
