package dev.gamut.io;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A copy of a rank's parts of tensors in native memory, as {@link CheckpointWriter} would write them: another rank can be given its bytes. Immutable
 * and thread-safe; its memory is freed with it.
 */
public final class PackedShards {
    private final MemorySegment all;
    private final Map<String, SavedPart> parts;

    private PackedShards(MemorySegment all, Map<String, SavedPart> parts) {
        this.all = all;
        this.parts = parts;
    }

    /**
     * Copies parts.
     *
     * @param shards by name
     */
    public static PackedShards of(Map<String, Shard> shards) {
        Map<String, DType> types = new LinkedHashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        shards.forEach((name, shard) -> {
            Safetensors.requirePlain(name, shard.part());
            types.put(name, shard.part().dtype());
            shapes.put(name, shard.part().layout().shape());
            texts.put(SavedPart.BOX + name, shard.box());
        });
        SafetensorsHeader header = new SafetensorsHeader(SafetensorsHeader.layOut(types, shapes), texts);
        byte[] head = header.encode(SafetensorsHeader.PREFIX);
        MemorySegment all = Arena.ofAuto().allocate(head.length + header.dataBytes(), 8);
        MemorySegment.copy(head, 0, all, ValueLayout.JAVA_BYTE, 0, head.length);
        long[] at = {head.length};
        try {
            for (Shard shard : shards.values()) {
                Safetensors.forEachPiece(shard.part(), (segment, from, bytes) -> {
                    MemorySegment.copy(segment, from, all, at[0], bytes);
                    at[0] += bytes;
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException("copying in memory", e);
        }
        return of(all, "copy");
    }

    /**
     * Another rank's parts.
     *
     * @param bytes as its {@link #bytes}; kept, not to be changed
     * @param name for messages
     * @throws FormatException if they are not
     */
    public static PackedShards of(MemorySegment bytes, String name) {
        Path file = Path.of(name);
        long length = bytes.byteSize() < SafetensorsHeader.PREFIX
                ? -1
                : bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0); // little-endian, as requirePlain has it
        if (length < 0 || length > Math.min(SafetensorsHeader.LONGEST, bytes.byteSize() - SafetensorsHeader.PREFIX)) {
            throw new FormatException(file, 0, "the bytes end before the head");
        }
        byte[] head = bytes.asSlice(0, SafetensorsHeader.PREFIX + length).toArray(ValueLayout.JAVA_BYTE);
        SafetensorsHeader header = Safetensors.header(file, head, bytes.byteSize());
        return new PackedShards(bytes, SavedPart.all(file, header, head.length));
    }

    /** All of it, to be given to another rank. */
    public MemorySegment bytes() {
        return all.asReadOnly();
    }

    /**
     * Which part of a tensor is here, for comparison; empty where there is none.
     *
     * @param name of the tensor
     */
    public String box(String name) {
        SavedPart part = parts.get(name);
        return part == null ? "" : part.box().toString();
    }

    /**
     * Loads what is here of a part of a tensor, in the reader's type: each element is rounded once.
     *
     * @param name of the tensor
     * @param into plain, of any layout and type
     * @param from where it begins in the whole, on each axis
     * @return how many of its elements were here
     */
    public long load(String name, Tensor into, long... from) {
        Safetensors.requirePlain(name, into);
        SavedPart part = parts.get(name);
        if (part == null) {
            return 0;
        }
        new Shard(into, part.whole().stream().mapToLong(Long::longValue).toArray(), from);
        return part.copy(
                all.asSlice(part.begin(), part.bytes()),
                into,
                Box.of(from, into.layout().shape()));
    }
}
