package dev.gamut.bench.peers.jlama;

import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.BFloat16BufferTensor;
import com.github.tjake.jlama.tensor.FloatBufferTensor;
import com.github.tjake.jlama.tensor.Q4ByteBufferTensor;
import com.github.tjake.jlama.tensor.TensorShape;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Matrices as Jlama stores them: dense rows in direct buffers, aligned to cache lines as its own allocations are. */
final class Rows {
    /** Elements that share a scale factor in Jlama's Q4. */
    static final int BLOCK = 32;

    private static final int ALIGNMENT = 64;

    private Rows() {}

    /**
     * A matrix of F32 without values.
     *
     * @param rows its height
     * @param cols its width
     */
    static AbstractTensor<?, ?> floats(int rows, int cols) {
        return floats(buffer((long) rows * cols * Float.BYTES), rows, cols);
    }

    private static FloatBufferTensor floats(ByteBuffer values, int rows, int cols) {
        return new FloatBufferTensor(values.asFloatBuffer(), TensorShape.of(rows, cols), true);
    }

    /**
     * Copies a matrix of F32 or BF16.
     *
     * @param tensor a matrix or a batch of them, viewed in any order
     * @param batch which of the batch
     */
    static AbstractTensor<?, ?> copy(Tensor tensor, int batch) {
        return copy(tensor, batch, tensor.rank() - 2, tensor.rank() - 1);
    }

    /**
     * Copies the transpose of a matrix of F32 or BF16.
     *
     * @param tensor a matrix or a batch of them, viewed in any order
     * @param batch which of the batch
     */
    static AbstractTensor<?, ?> copyTransposed(Tensor tensor, int batch) {
        return copy(tensor, batch, tensor.rank() - 1, tensor.rank() - 2);
    }

    private static AbstractTensor<?, ?> copy(Tensor tensor, int batch, int down, int across) {
        Layout layout = tensor.layout();
        int rows = (int) layout.size(down);
        int cols = (int) layout.size(across);
        long start = tensor.offset() + (tensor.rank() == 3 ? batch * layout.stride(0) : 0);
        int size = tensor.dtype().bits() / Byte.SIZE;
        MemorySegment from = tensor.segment();
        ByteBuffer values = buffer((long) rows * cols * size);
        MemorySegment into = MemorySegment.ofBuffer(values);
        for (long i = 0, at = 0; i < rows; i++) {
            long row = start + i * layout.stride(down);
            for (long j = 0; j < cols; j++, at += size) {
                MemorySegment.copy(from, (row + j * layout.stride(across)) * size, into, at, size);
            }
        }
        return tensor.dtype() == DType.F32
                ? floats(values, rows, cols)
                : new BFloat16BufferTensor("", values.asShortBuffer(), TensorShape.of(rows, cols), true);
    }

    /**
     * Converts I4 codes with a scale factor for each block of a row: Jlama adds 8 to a code, and byte j of a block holds
     * elements j and j + 16 instead of 2j and 2j + 1.
     *
     * @param stored n×k, dense
     */
    static AbstractTensor<?, ?> weights(Tensor stored) {
        int rows = (int) stored.size(0);
        int cols = (int) stored.size(1);
        ByteBuffer from = stored.segment().asByteBuffer();
        ByteBuffer codes = buffer((long) rows * cols / 2);
        int half = BLOCK / 2;
        for (int block = 0; block < codes.capacity(); block += half) {
            for (int j = 0; j < half; j++) {
                int low = from.get(block + j / 2) >> (j % 2 * 4) & 15;
                int high = from.get(block + (j + half) / 2) >> (j % 2 * 4) & 15;
                codes.put(block + j, (byte) ((low | high << 4) ^ 0x88));
            }
        }
        ByteBuffer factors = buffer(stored.scales().segment().byteSize());
        MemorySegment.ofBuffer(factors).copyFrom(stored.scales().segment());
        return new Q4ByteBufferTensor("", codes, floats(factors, rows, cols / BLOCK), TensorShape.of(rows, cols), true);
    }

    private static ByteBuffer buffer(long bytes) {
        int size = Math.toIntExact(bytes);
        // A slice loses what is not aligned at both ends.
        return ByteBuffer.allocateDirect(Math.addExact(size, 2 * ALIGNMENT))
                .alignedSlice(ALIGNMENT)
                .slice(0, size)
                .order(ByteOrder.nativeOrder());
    }
}
