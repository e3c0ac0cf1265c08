package dev.gamut.spi;

import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import java.util.Optional;

/**
 * A source of faster loops for what collectives combine, found with {@link java.util.ServiceLoader}. Its class must load and answer on any
 * machine. Thread-safe.
 */
public interface BlockLoops {
    /**
     * A codec.
     *
     * @param machine that it is for
     * @param type of the elements that are loaded
     * @param result type of those that are stored: the same or its accumulator
     * @param most elements of a block
     * @return empty where there is none for these types or this machine
     */
    Optional<BlockCodec> codec(Capabilities machine, DType type, DType result, int most);

    /**
     * How blocks are combined.
     *
     * @param machine that it is for
     * @param type of both and of the result: F64, F32, I64, or a narrower one, whose results are rounded once
     * @param how not by index
     * @return empty where there is none for these or this machine
     */
    Optional<BlockOperation<?>> operation(Capabilities machine, DType type, Combine how);
}
