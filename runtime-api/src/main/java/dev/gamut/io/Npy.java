package dev.gamut.io;

import dev.gamut.error.FormatException;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads and writes .npy files, NumPy's format for one array, versions 1.0, 2.0 and 3.0.
 *
 * <p>Types are f8, f4, f2, i8, i4, i1 and u1 in this machine's byte order, of any rank from 0 on; Fortran order becomes
 * a layout with strides. A file that is not exactly what its header says is a {@link FormatException}. Thread-safe; a
 * file must not be changed while it is read or mapped. The format: NumPy Enhancement Proposal 1 and {@code
 * numpy.lib.format}.
 */
public final class Npy {
    /** Longest header read; NumPy refuses more than 10,000 bytes. */
    private static final int MAX_HEADER = 1 << 20;

    /** Files are moved through a buffer of this size. */
    private static final int CHUNK = 1 << 20;

    private Npy() {}

    /**
     * Reads a file into memory of its own: a Java array, or, for more elements than an array has, a mapping of the file
     * that lasts as long as the tensor.
     *
     * @param file an .npy file
     * @return its tensor, row- or column-major as the file is
     * @throws FormatException if it is not a valid file of a supported type
     * @throws IOException if it cannot be read
     */
    public static Tensor read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Located located = locate(file, channel);
            NpyHeader header = located.header;
            if (header.elements() > Integer.MAX_VALUE - 8) {
                return mapped(channel, located, Arena.ofAuto());
            }
            Tensor flat = Tensor.zeros(header.type(), header.elements());
            fill(file, channel, located.data, flat.segment());
            return Tensor.of(flat.array(), header.type(), header.layout(), 0);
        }
    }

    /**
     * Maps a file, without reading it: elements are loaded when they are used, and memory is not needed for all of
     * them.
     *
     * @param file an .npy file
     * @param arena how long the mapping lasts; shared or automatic where several threads use the tensor
     * @return a read-only tensor, row- or column-major as the file is
     * @throws FormatException if it is not a valid file of a supported type
     * @throws IOException if it cannot be read
     */
    public static Tensor map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return mapped(channel, locate(file, channel), arena);
        }
    }

    private record Located(NpyHeader header, long data) {}

    private static Tensor mapped(FileChannel channel, Located located, Arena arena) throws IOException {
        NpyHeader header = located.header;
        long bytes = header.type().bytes(header.elements());
        MemorySegment segment = channel.map(FileChannel.MapMode.READ_ONLY, located.data, bytes, arena);
        return Tensor.of(segment, header.type(), header.layout());
    }

    private static Located locate(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        byte[] start = head(channel, 0, 12);
        int magic = NpyHeader.MAGIC.length;
        if (start.length < magic || !Arrays.equals(start, 0, magic, NpyHeader.MAGIC, 0, magic)) {
            throw new FormatException(
                    file, 0, size == 0 ? "the file is empty" : "not an .npy file: it does not begin with \\x93NUMPY");
        }
        if (start.length < 10) {
            throw new FormatException(file, size, "the file ends in its header");
        }
        int version = start[magic] & 0xff;
        if (version < 1 || version > 3 || start[magic + 1] != 0) {
            throw new FormatException(
                    file,
                    magic,
                    "version " + version + "." + (start[magic + 1] & 0xff) + "; versions 1.0, 2.0 and 3.0 are read");
        }
        int prefix = version == 1 ? 10 : 12;
        long length = littleEndian(start, magic + 2, prefix - magic - 2);
        if (length > size - prefix || start.length < prefix) {
            throw new FormatException(
                    file,
                    magic + 2,
                    "the header says it has " + length + " bytes; the file has " + Math.max(size - prefix, 0)
                            + " more");
        }
        if (length > MAX_HEADER) {
            throw new FormatException(
                    file, magic + 2, "the header has " + length + " bytes; at most " + MAX_HEADER + " are read");
        }
        String text = new String(head(channel, prefix, (int) length), StandardCharsets.ISO_8859_1);
        NpyHeader header = NpyHeaderParser.parse(file, text, prefix);
        long data = prefix + length;
        requireSize(file, header, data, size);
        return new Located(header, data);
    }

    private static void requireSize(Path file, NpyHeader header, long data, long size) {
        long bytes = header.type().bytes(header.elements());
        if (bytes != size - data) {
            throw new FormatException(
                    file,
                    data,
                    header.type() + Arrays.toString(header.shape()) + " needs " + bytes
                            + " bytes of data; the file has " + (size - data));
        }
    }

    private static long littleEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = 0; i < count && from + i < bytes.length; i++) {
            value |= (bytes[from + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    /** Up to {@code count} bytes from a position on; fewer at the end of the file. */
    private static byte[] head(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        long at = from;
        int read;
        while (buffer.hasRemaining() && (read = channel.read(buffer, at)) > 0) {
            at += read;
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void fill(Path file, FileChannel channel, long from, MemorySegment target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(CHUNK, target.byteSize()));
        MemorySegment chunk = MemorySegment.ofBuffer(buffer);
        long done = 0;
        while (done < target.byteSize()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), target.byteSize() - done));
            int read = channel.read(buffer, from + done);
            if (read < 0) {
                throw new FormatException(file, from + done, "the file became shorter while it was read");
            }
            MemorySegment.copy(chunk, 0, target, done, read);
            done += read;
        }
    }

    /**
     * Writes a file, replacing one that is there in a single step: whatever goes wrong, the old file stays whole.
     *
     * @param file where to
     * @param tensor plain numbers of one of the types above, any layout; column-major ones are written in Fortran order
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Tensor tensor) throws IOException {
        Replacement.write(file, channel -> write(channel, tensor));
    }

    /**
     * Writes the bytes of a file.
     *
     * @param channel where to
     * @param tensor plain numbers of one of the types above, any layout; column-major ones are written in Fortran order
     * @throws IOException if they cannot be written
     */
    public static void write(WritableByteChannel channel, Tensor tensor) throws IOException {
        if (tensor.scaling().hasScales()) {
            throw new IllegalArgumentException(
                    "tensor is " + tensor + "; .npy holds plain numbers, without scale factors");
        }
        Layout layout = tensor.layout();
        boolean fortran = !layout.isRowMajor() && layout.reverse().isRowMajor();
        NpyHeader header = new NpyHeader(tensor.dtype(), fortran, layout.shape());
        Sink sink = new Sink(channel);
        byte[] head = header.encode();
        sink.put(MemorySegment.ofArray(head), 0, head.length);
        put(sink, tensor, fortran ? layout.reverse() : layout);
        sink.flush();
    }

    /** Elements in row-major order of the layout: at once where they lie so, else by their innermost runs. */
    private static void put(Sink sink, Tensor tensor, Layout layout) throws IOException {
        long width = tensor.dtype().bits() / 8;
        if (layout.isRowMajor()) {
            sink.put(tensor.segment(), tensor.offset() * width, layout.size() * width);
            return;
        }
        int rank = layout.rank();
        boolean runs = layout.stride(rank - 1) == 1;
        long run = runs ? layout.size(rank - 1) : 1;
        long[] index = new long[rank];
        for (long done = 0; done < layout.size(); done += run) {
            sink.put(tensor.segment(), (tensor.offset() + layout.at(index)) * width, run * width);
            step(index, layout, runs ? rank - 2 : rank - 1);
        }
    }

    private static void step(long[] index, Layout layout, int fastest) {
        for (int axis = fastest; axis >= 0 && ++index[axis] == layout.size(axis); axis--) {
            index[axis] = 0;
        }
    }

    /** Gathers small pieces before they are written. */
    private static final class Sink {
        private final WritableByteChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        private final MemorySegment memory = MemorySegment.ofBuffer(buffer);

        Sink(WritableByteChannel channel) {
            this.channel = channel;
        }

        void put(MemorySegment source, long from, long bytes) throws IOException {
            long left = bytes;
            long at = from;
            while (left > 0) {
                int piece = (int) Math.min(left, buffer.remaining());
                MemorySegment.copy(source, at, memory, buffer.position(), piece);
                buffer.position(buffer.position() + piece);
                at += piece;
                left -= piece;
                if (!buffer.hasRemaining()) {
                    flush();
                }
            }
        }

        void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }
    }
}
