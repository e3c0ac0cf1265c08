package dev.gamut.vector.block;

import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.BlockCodec;
import dev.gamut.spi.BlockLoops;
import dev.gamut.spi.BlockOperation;
import dev.gamut.vector.Requirements;
import dev.gamut.vector.codec.Decoder;
import java.util.Optional;

/** Codecs of floating-point types of 8 and 16 bits, by way of F32, and sums. Loads and answers on any machine. */
public final class VectorBlockLoops implements BlockLoops {
    /** For {@link java.util.ServiceLoader}. */
    public VectorBlockLoops() {}

    @Override
    public Optional<BlockCodec> codec(Capabilities machine, DType type, DType result, int most) {
        boolean isNarrow = type.sumAccumulator() == DType.F32 && Decoder.decodes(type) && !type.isSubByte();
        if (!isNarrow || type != result || Requirements.missing(machine).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                type.bits() == 16 ? VectorBlockCodec.ofShorts(type, most) : VectorBlockCodec.ofBytes(type, most));
    }

    @Override
    public Optional<BlockOperation<?>> operation(Capabilities machine, DType type, Combine how) {
        boolean isSum = how == Combine.SUM || how == Combine.AVERAGE;
        return isSum && Requirements.missing(machine).isEmpty() ? Optional.ofNullable(Sums.of(type)) : Optional.empty();
    }
}
