package dev.gamut.internal.collective;

import dev.gamut.collective.Combine;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.BlockCodec;
import dev.gamut.spi.BlockLoops;
import dev.gamut.spi.BlockOperation;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Loops of providers and, where they have none, plain ones. */
final class FastestLoops {
    private static final List<BlockLoops> PROVIDERS =
            ServiceLoader.load(BlockLoops.class, FastestLoops.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private FastestLoops() {}

    /**
     * The fastest operation.
     *
     * @param type of what is combined
     * @param how not by index
     * @param plain the one for want of others
     * @param <A> arrays of the type
     */
    @SuppressWarnings("unchecked")
    static <A> BlockOperation<A> operation(DType type, Combine how, BlockOperation<A> plain) {
        return PROVIDERS.stream()
                .map(p -> p.operation(Capabilities.host(), type, how))
                .flatMap(Optional::stream)
                .map(fast -> (BlockOperation<A>) fast)
                .findFirst()
                .orElse(plain);
    }

    /**
     * The fastest codec: accumulators are copied, and the rest is converted by a provider or one by one.
     *
     * @param type of what is loaded
     * @param result of what is stored, that type or its accumulator
     * @param most elements of a block, even
     */
    static BlockCodec codec(DType type, DType result, int most) {
        return type == result && type == type.sumAccumulator()
                ? new Same(type)
                : PROVIDERS.stream()
                        .map(p -> p.codec(Capabilities.host(), type, result, most))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElseGet(() -> new OneByOne(type, result));
    }

    private record Same(DType type) implements BlockCodec {
        @Override
        public void load(MemorySegment from, long first, MemorySegment into, int n) {
            MemorySegment.copy(from, first, into, 0, type.bytes(n));
        }

        @Override
        public void store(MemorySegment from, MemorySegment to, long first, int n) {
            MemorySegment.copy(from, 0, to, first, type.bytes(n));
        }
    }

    private record OneByOne(DType type, DType result) implements BlockCodec {
        @Override
        public void load(MemorySegment from, long first, MemorySegment into, int n) {
            Convert.convert(from.asSlice(first, type.bytes(n)), type, 0, into, type.sumAccumulator(), 0, n);
        }

        @Override
        public void store(MemorySegment from, MemorySegment to, long first, int n) {
            Convert.convert(from, type.sumAccumulator(), 0, to.asSlice(first, result.bytes(n)), result, 0, n);
        }
    }
}
