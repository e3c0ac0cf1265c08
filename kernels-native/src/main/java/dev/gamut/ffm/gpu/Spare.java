package dev.gamut.ffm.gpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory of a device that is free and kept for who next asks for as much: the library's own allocation takes microseconds, and its freeing waits
 * for all that the device does. Not thread-safe.
 */
final class Spare {
    /** Share of a device's memory that is kept. */
    private static final long SHARE = 32;

    /** Share of that which one piece may be. */
    private static final long PIECES = 4;

    private static final long LEAST = 512;

    /** Sizes between one power of two and the next. */
    private static final long STEPS = 8;

    private final long most;
    private final Map<Long, Deque<Long>> bySize = new HashMap<>();
    private final Map<Long, Long> sizes = new HashMap<>();
    private long kept;

    /**
     * Nothing.
     *
     * @param memory bytes of the device
     */
    Spare(long memory) {
        this.most = memory / SHARE;
    }

    /** Bytes to ask the library for: so many that others can use them, too, and as many as are needed where the piece will not be kept. */
    long rounded(long bytes) {
        long step = Math.max(LEAST, Long.highestOneBit(bytes) / STEPS);
        long size = (bytes + step - 1) / step * step;
        return size <= most / PIECES ? size : bytes;
    }

    /** A piece of a rounded size, or 0. */
    long take(long size) {
        Deque<Long> pieces = bySize.get(size);
        if (pieces == null || pieces.isEmpty()) {
            return 0;
        }
        kept -= size;
        return pieces.pop();
    }

    /** Remembers what the library gave. */
    void made(long memory, long size) {
        if (size <= most / PIECES && size == rounded(size)) {
            sizes.put(memory, size);
        }
    }

    /** Keeps a piece; false where it is to be freed. */
    boolean keep(long memory) {
        Long size = sizes.get(memory);
        if (size == null || kept + size > most) {
            sizes.remove(memory);
            return false;
        }
        kept += size;
        bySize.computeIfAbsent(size, s -> new ArrayDeque<>()).push(memory);
        return true;
    }

    /** All that is kept, to be freed. */
    List<Long> drain() {
        List<Long> all = new ArrayList<>();
        bySize.values().forEach(all::addAll);
        bySize.clear();
        all.forEach(sizes::remove);
        kept = 0;
        return all;
    }
}
