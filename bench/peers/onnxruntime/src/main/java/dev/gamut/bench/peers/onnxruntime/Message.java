package dev.gamut.bench.peers.onnxruntime;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Protocol Buffers message, written field by field; what it is given is copied once, when the whole is assembled. */
final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final List<MemorySegment> parts = new ArrayList<>();
    private long size;

    /**
     * Appends an integer.
     *
     * @param field its number
     * @param value zero or more
     */
    Message integer(int field, long value) {
        return append(MemorySegment.ofArray(varints((long) field << 3 | VARINT, value)));
    }

    /**
     * Appends text.
     *
     * @param field its number
     * @param value what it says
     */
    Message text(int field, String value) {
        return bytes(field, MemorySegment.ofArray(value.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Appends bytes.
     *
     * @param field its number
     * @param value unchanged until the message is assembled
     */
    Message bytes(int field, MemorySegment value) {
        return header(field, value.byteSize()).append(value);
    }

    /**
     * Appends a message.
     *
     * @param field its number
     * @param value finished
     */
    Message message(int field, Message value) {
        header(field, value.size);
        value.parts.forEach(this::append);
        return this;
    }

    private Message header(int field, long length) {
        return append(MemorySegment.ofArray(varints((long) field << 3 | LENGTH_DELIMITED, length)));
    }

    private Message append(MemorySegment part) {
        parts.add(part);
        size += part.byteSize();
        return this;
    }

    private static byte[] varints(long... values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long value : values) {
            long rest = value;
            for (; rest > 0x7f; rest >>>= 7) {
                out.write((int) (rest & 0x7f | 0x80));
            }
            out.write((int) rest);
        }
        return out.toByteArray();
    }

    /**
     * The message in one piece.
     *
     * @param arena whose life it shares
     * @return a direct buffer
     */
    ByteBuffer assemble(Arena arena) {
        MemorySegment whole = arena.allocate(size);
        long at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, whole, at, part.byteSize());
            at += part.byteSize();
        }
        return whole.asByteBuffer();
    }
}
