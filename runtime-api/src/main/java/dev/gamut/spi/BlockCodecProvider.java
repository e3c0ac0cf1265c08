package dev.gamut.spi;

import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import java.util.Optional;

/**
 * A source of faster codecs, found with {@link java.util.ServiceLoader}: what collectives add up passes through them. Its class must load and
 * answer on any machine. Thread-safe.
 */
@FunctionalInterface
public interface BlockCodecProvider {
    /**
     * A codec of this provider.
     *
     * @param machine that it is for
     * @param type of the elements that are loaded
     * @param result type of those that are stored: the same or its accumulator
     * @param most elements of a block
     * @return empty where it has none for these types or this machine
     */
    Optional<BlockCodec> codec(Capabilities machine, DType type, DType result, int most);
}
