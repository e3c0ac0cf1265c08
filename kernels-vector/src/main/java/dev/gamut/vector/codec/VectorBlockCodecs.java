package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.BlockCodec;
import dev.gamut.spi.BlockCodecProvider;
import dev.gamut.vector.Requirements;
import java.util.Optional;

/** Codecs of floating-point types of 8 and 16 bits, by way of F32. Loads and answers on any machine. */
public final class VectorBlockCodecs implements BlockCodecProvider {
    /** For {@link java.util.ServiceLoader}. */
    public VectorBlockCodecs() {}

    @Override
    public Optional<BlockCodec> codec(Capabilities machine, DType type, DType result, int most) {
        boolean isNarrow = type.sumAccumulator() == DType.F32 && Decoder.decodes(type) && !type.isSubByte();
        if (!isNarrow || type != result || Requirements.missing(machine).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                type.bits() == 16 ? VectorBlockCodec.ofShorts(type, most) : VectorBlockCodec.ofBytes(type, most));
    }
}
