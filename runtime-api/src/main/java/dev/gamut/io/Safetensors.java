package dev.gamut.io;

import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes safetensors files: named tensors one after the other behind a head in JSON.
 *
 * <p>Types are F64, F32, F16, BF16, F8 (E4M3, E5M2, E8M0), I64, I32, I8 and U8; tensors of 4 bits are stored as U8, two in a byte, the even
 * one in the low bits, rows padded to whole bytes, and what they are stands in the metadata. Quantised tensors are stored as their codes and
 * their scale factors, two tensors. A file that is not exactly what its head says is a {@link FormatException}. On machines of little-endian
 * byte order. Thread-safe. The format: huggingface/safetensors, README, "Format".
 */
public final class Safetensors {
    private Safetensors() {}

    /**
     * Reads all tensors into arrays.
     *
     * @param file a safetensors file
     * @return row-major tensors by name, in the order of the file
     * @throws FormatException if it is not a valid file of supported types
     * @throws IOException if it cannot be read
     */
    public static Map<String, Tensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] head = head(file, channel);
            SafetensorsHeader header = header(file, head, channel.size());
            Map<String, Tensor> all = new LinkedHashMap<>();
            for (Map.Entry<String, SafetensorsHeader.Entry> entry :
                    header.entries().entrySet()) {
                SafetensorsHeader.Entry of = entry.getValue();
                Tensor tensor = Tensor.zeros(of.type(), of.shape());
                fill(file, channel, head.length + of.begin(), tensor.segment(), of.bytes());
                all.put(entry.getKey(), tensor);
            }
            return all;
        }
    }

    /**
     * Reads the texts in a file's head, but for those that say how tensors of 4 bits are stored.
     *
     * @param file a safetensors file
     * @return texts by key
     * @throws FormatException if it is not a valid file
     * @throws IOException if it cannot be read
     */
    public static Map<String, String> metadata(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return header(file, head(file, channel), channel.size()).metadata();
        }
    }

    /**
     * Writes a file, replacing one that is there in a single step: whatever goes wrong, the old file stays whole.
     *
     * @param file where to
     * @param tensors plain tensors by name, of any layout
     * @param metadata texts by key; keys that begin with {@code gamut.packed.} are kept for tensors of 4 bits
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Map<String, DType> types = new LinkedHashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            requirePlain(name, tensor);
            types.put(name, tensor.dtype());
            shapes.put(name, tensor.layout().shape());
        });
        SafetensorsHeader header = new SafetensorsHeader(SafetensorsHeader.layOut(types, shapes), metadata);
        byte[] head = header.encode(SafetensorsHeader.PREFIX);
        Replacement.write(file, channel -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            MemorySegment memory = MemorySegment.ofBuffer(buffer);
            put(channel, ByteBuffer.wrap(head), 0);
            for (Tensor tensor : tensors.values()) {
                forEachPiece(tensor, (segment, from, bytes) -> {
                    for (long done = 0; done < bytes; ) {
                        int piece = (int) Math.min(buffer.capacity(), bytes - done);
                        MemorySegment.copy(segment, from + done, memory, 0, piece);
                        put(channel, buffer.clear().limit(piece), channel.size());
                        done += piece;
                    }
                });
            }
        });
    }

    /** Writes what a buffer still holds. */
    static void put(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    static void requirePlain(String name, Tensor tensor) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("safetensors are little-endian; this machine is not");
        }
        if (tensor.scaling().hasScales()) {
            throw new IllegalArgumentException("tensor '" + name + "' is " + tensor
                    + "; its codes and scale factors are to be written as two tensors");
        }
    }

    /** Takes bytes of a tensor, one piece after the other. */
    interface Piece {
        void put(MemorySegment segment, long from, long bytes) throws IOException;
    }

    /** A tensor's bytes in the order that the format has them: in one piece where they lie so, else by rows. */
    static void forEachPiece(Tensor tensor, Piece piece) throws IOException {
        Layout layout = tensor.layout();
        DType type = tensor.dtype();
        long width = type.bits() / 8;
        if (layout.isRowMajor() && !type.isSubByte()) {
            piece.put(tensor.segment(), tensor.offset() * width, layout.size() * width);
            return;
        }
        int last = layout.rank() - 1;
        long row = layout.rank() == 0 ? 1 : layout.size(last);
        long step = layout.rank() == 0 ? 1 : layout.stride(last);
        MemorySegment gathered = MemorySegment.ofArray(new long[Math.toIntExact(type.bytes(row) / 8 + 1)]);
        long[] index = new long[layout.rank()];
        for (long done = 0; done < layout.size(); done += row) {
            long from = tensor.offset() + layout.at(index);
            if (step == 1) {
                Convert.convert(tensor.segment(), type, from, gathered, type, 0, row);
            } else {
                for (long i = 0; i < row; i++) {
                    Convert.convert(tensor.segment(), type, from + i * step, gathered, type, i, 1);
                }
            }
            piece.put(gathered, 0, type.bytes(row));
            advance(index, layout.shape(), last - 1);
        }
    }

    /** The next index, the axis given moving fastest. */
    static void advance(long[] index, long[] shape, int fastest) {
        for (int axis = fastest; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
            index[axis] = 0;
        }
    }

    /** The head of a file with its length before it. */
    static byte[] head(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < SafetensorsHeader.PREFIX) {
            throw new FormatException(file, size, "the file ends before its head");
        }
        long length = ByteBuffer.wrap(bytes(file, channel, 0, SafetensorsHeader.PREFIX))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 0 || length > size - SafetensorsHeader.PREFIX || length > SafetensorsHeader.LONGEST) {
            throw new FormatException(
                    file,
                    0,
                    "the head has " + Long.toUnsignedString(length) + " bytes; the file has "
                            + (size - SafetensorsHeader.PREFIX) + " more, and " + SafetensorsHeader.LONGEST
                            + " is the most");
        }
        return bytes(file, channel, 0, (int) length + SafetensorsHeader.PREFIX);
    }

    static SafetensorsHeader header(Path file, byte[] head, long size) {
        byte[] json = java.util.Arrays.copyOfRange(head, SafetensorsHeader.PREFIX, head.length);
        return SafetensorsHeader.parse(file, json, size - head.length);
    }

    private static byte[] bytes(Path file, FileChannel channel, long from, int count) throws IOException {
        byte[] all = new byte[count];
        fill(file, channel, from, MemorySegment.ofArray(all), count);
        return all;
    }

    /** Reads bytes of a file. */
    static void fill(Path file, FileChannel channel, long from, MemorySegment into, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(1 << 20, Math.max(1, count)));
        for (long done = 0; done < count; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
            int read = channel.read(buffer, from + done);
            if (read < 0) {
                throw new FormatException(file, from + done, "the file became shorter while it was read");
            }
            MemorySegment.copy(MemorySegment.ofBuffer(buffer.flip()), 0, into, done, read);
            done += read;
        }
    }
}
