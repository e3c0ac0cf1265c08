package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A vendor's library for collectives in this process, looked for once: NCCL or RCCL, which have the same names and numbers (nccl.h 2.30 and
 * rccl.h of ROCm 6.3).
 *
 * @param functions null where it was not found
 * @param failure why not, null where it was
 */
record Ranks(Functions functions, String failure) {
    /** The name of a group, a structure that is passed by value. */
    static final MemoryLayout ID = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(128, JAVA_BYTE).withName("internal"));

    /** The first version whose communicators need not block. */
    static final int OLDEST = 21_400;

    /** A call that goes on. */
    static final int IN_PROGRESS = 7;

    /** What is under way in the old group is ended. */
    static final int SHRINK_ABORT = 1;

    /** Bytes as they are. */
    static final int BYTES = 0;

    private static final Map<DType, Integer> TYPES =
            Map.of(DType.I8, 0, DType.U8, 1, DType.I32, 2, DType.I64, 4, DType.F32, 7, DType.F64, 8);

    private static final Map<Combine, Integer> OPERATIONS =
            Map.of(Combine.SUM, 0, Combine.PRODUCT, 1, Combine.MAX, 2, Combine.MIN, 3);

    /** Bytes of the configuration in the oldest version, which newer ones take with their own defaults for the rest. */
    private static final long CONFIG_BYTES = 24;

    private static final int CONFIG_MAGIC = 0xcafebeef;

    /** From here on a version is a major of five digits and a minor of three; before, of four and three. */
    private static final int FIVE_DIGITS = 10_000;

    private static final Map<Vendor, Ranks> FOUND = new ConcurrentHashMap<>();

    static Ranks get(Vendor vendor) {
        return FOUND.computeIfAbsent(vendor, v -> of(v, GpuHost.named(v, Call.Role.RANKS)));
    }

    static Ranks of(Vendor vendor, SystemLibrary library) {
        try {
            return new Ranks(library.open(found -> Functions.ranks(vendor, found)), null);
        } catch (LoadFailure e) {
            return new Ranks(null, "no " + vendor.title(Call.Role.RANKS) + ": " + e.getMessage());
        }
    }

    /** What was found, for people. */
    String describe() {
        return functions == null ? failure : functions.ranksTitle() + ", from " + functions.origin();
    }

    /** A version as people write it. */
    static String text(int version) {
        int major = version < FIVE_DIGITS ? 1_000 : FIVE_DIGITS;
        return version / major + "." + version % major / 100 + "." + version % 100;
    }

    /** The configuration of communicators that do not block. */
    static MemorySegment config(Arena arena) {
        MemorySegment config = arena.allocate(CONFIG_BYTES, JAVA_LONG.byteAlignment());
        config.set(JAVA_LONG, 0, CONFIG_BYTES);
        config.set(JAVA_INT, 8, CONFIG_MAGIC);
        config.set(JAVA_INT, 12, OLDEST);
        config.set(JAVA_INT, 16, 0);
        return config;
    }

    /** A type's number; only of those that are combined. */
    static int number(DType type) {
        return TYPES.get(type);
    }

    static int number(Combine combine) {
        return OPERATIONS.get(combine);
    }
}
