package dev.gamut.io;

import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a tensor as a rank's safetensors file has it.
 *
 * @param file for messages
 * @param name of the tensor
 * @param type of its elements
 * @param box which part of the whole it is
 * @param whole sizes of the whole
 * @param begin its first byte in the file
 * @param bytes how many
 * @param sum checksum, in digits
 */
record SavedPart(Path file, String name, DType type, Box box, List<Long> whole, long begin, long bytes, String sum) {
    static final String BOX = "gamut.box.";
    static final String SUM = "gamut.crc32c.";

    /**
     * The parts in a file.
     *
     * @param file for messages
     * @param header what its head says
     * @param head bytes of the head
     */
    static Map<String, SavedPart> all(Path file, SafetensorsHeader header, int head) {
        Map<String, SavedPart> parts = new LinkedHashMap<>();
        header.entries().forEach((name, entry) -> {
            long[][] box = Shard.parse(header.metadata().getOrDefault(BOX + name, "/"));
            if (box[0].length != entry.shape().length || box[1].length != entry.shape().length) {
                throw new FormatException(file, SafetensorsHeader.PREFIX, "tensor '" + name + "' has no box");
            }
            parts.put(
                    name,
                    new SavedPart(
                            file,
                            name,
                            entry.type(),
                            Box.of(box[0], entry.shape()),
                            Arrays.stream(box[1]).boxed().toList(),
                            head + entry.begin(),
                            entry.bytes(),
                            header.metadata().getOrDefault(SUM + name, "")));
        });
        return parts;
    }

    /**
     * Copies what another part has of it, each element rounded once.
     *
     * @param data of this part
     * @param into the other one's elements
     * @param wanted the box of the other one
     * @return number of elements
     */
    long copy(MemorySegment data, Tensor into, Box wanted) {
        Box shared = wanted.with(box);
        int rank = shared.size().size();
        long[] size = new long[rank];
        long[] source = new long[rank];
        long[] target = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            size[axis] = shared.size().get(axis);
        }
        long run = rank == 0 ? 1 : size[rank - 1];
        long step = rank == 0 ? 1 : into.layout().stride(rank - 1);
        long[] index = new long[rank];
        for (long done = 0; done < shared.elements(); done += run) {
            for (int axis = 0; axis < rank; axis++) {
                long at = shared.from().get(axis) + index[axis];
                source[axis] = at - box.from().get(axis);
                target[axis] = at - wanted.from().get(axis);
            }
            long to = into.offset() + into.layout().at(target);
            long first = position(source);
            for (long i = 0; i < run; i += step == 1 ? run : 1) {
                long n = step == 1 ? run : 1;
                Convert.convert(data, type, first + i, into.segment(), into.dtype(), to + i * step, n);
            }
            Safetensors.advance(index, size, rank - 2);
        }
        return shared.elements();
    }

    /** An element's number in the part's bytes, whose rows are padded to whole bytes. */
    private long position(long[] index) {
        long at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            long size = box.size().get(axis);
            boolean padded = axis == index.length - 1 && type.isSubByte();
            at = at * (padded ? 2 * type.bytes(size) : size) + index[axis];
        }
        return at;
    }
}
