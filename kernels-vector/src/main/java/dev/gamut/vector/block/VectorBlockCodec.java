package dev.gamut.vector.block;

import dev.gamut.dtype.DType;
import dev.gamut.spi.BlockCodec;
import dev.gamut.vector.codec.Decoder;
import dev.gamut.vector.codec.Encoder;
import java.lang.foreign.MemorySegment;

/**
 * Blocks of codes of one type: in place where they lie in an array of codes, else by way of one.
 *
 * @param <A> the array that holds codes
 */
final class VectorBlockCodec<A> implements BlockCodec {
    private final DType type;
    private final Decoder<A> decoder;
    private final Encoder<A> encoder;
    private final A codes;
    private final MemorySegment ofCodes;

    @SuppressWarnings("unchecked")
    private VectorBlockCodec(DType type, A codes, MemorySegment ofCodes) {
        this.type = type;
        this.decoder = (Decoder<A>) Decoder.of(type);
        this.encoder = (Encoder<A>) Encoder.of(type);
        this.codes = codes;
        this.ofCodes = ofCodes;
    }

    static BlockCodec ofShorts(DType type, int most) {
        short[] codes = new short[most];
        return new VectorBlockCodec<>(type, codes, MemorySegment.ofArray(codes));
    }

    static BlockCodec ofBytes(DType type, int most) {
        byte[] codes = new byte[most];
        return new VectorBlockCodec<>(type, codes, MemorySegment.ofArray(codes));
    }

    @Override
    public void load(MemorySegment from, long first, MemorySegment into, int n) {
        A array = array(from, first);
        if (array == null) {
            MemorySegment.copy(from, first, ofCodes, 0, type.bytes(n));
        }
        decoder.decode(array == null ? codes : array, array == null ? 0 : index(from, first), floats(into), 0, n);
    }

    @Override
    public void store(MemorySegment from, MemorySegment to, long first, int n) {
        A array = array(to, first);
        encoder.encode(floats(from), 0, array == null ? codes : array, array == null ? 0 : index(to, first), n);
        if (array == null) {
            MemorySegment.copy(ofCodes, 0, to, first, type.bytes(n));
        }
    }

    private static float[] floats(MemorySegment whole) {
        return (float[]) whole.heapBase().orElseThrow();
    }

    /**
     * The array of codes that elements lie in from some byte on, null where they lie in none. Classes are compared: Class.isInstance of a
     * class that C2 does not know takes 0.1 µs, as long as decoding a block.
     */
    @SuppressWarnings("unchecked")
    private A array(MemorySegment memory, long first) {
        Object base = memory.heapBase().orElse(null);
        boolean fits =
                base != null && base.getClass() == codes.getClass() && (memory.address() + first) % type.bytes(1) == 0;
        return fits ? (A) base : null;
    }

    private int index(MemorySegment memory, long first) {
        return (int) ((memory.address() + first) / type.bytes(1));
    }
}
