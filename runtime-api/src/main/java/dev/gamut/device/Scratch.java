package dev.gamut.device;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Memory of a stream for what one step of an operation leaves to the next, by {@link Device#scratch}. It stays with the stream, grows to what its
 * largest operation needs and serves the operation that comes next, in order, so that most operations allocate nothing; it belongs to the stream
 * and not to plans, of which a program may have thousands. Where there is no room, what is not in use is given back.
 *
 * <pre>{@code
 * try (Scratch.Use scratch = device.scratch()) {
 *     DeviceBuffer sums = scratch.take(bytes);
 *     // steps that write and read sums are put into device.stream()
 * }
 * }</pre>
 *
 * <p>Thread-safe: threads that put operations into one stream wait for each other from {@link Device#scratch} to {@link Use#close}. An operation
 * within another one takes other memory than that.
 */
public final class Scratch {
    private final Stream stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<DeviceBuffer> pieces = new ArrayList<>();
    private int used;

    Scratch(Stream stream) {
        this.stream = stream;
    }

    /** What one operation takes. One thread. */
    public final class Use implements AutoCloseable {
        private final int first;

        private Use() {
            stream.hold();
            lock.lock();
            this.first = used;
        }

        /**
         * Another piece, its contents undefined and perhaps larger; it is not to be closed, nor used after this.
         *
         * @param bytes at least 1
         * @throws dev.gamut.error.OutOfDeviceMemoryException where there is no room
         */
        public DeviceBuffer take(long bytes) {
            if (used < pieces.size() && pieces.get(used).byteSize() < bytes) {
                pieces.remove(used).close();
            }
            if (used == pieces.size() || pieces.get(used).byteSize() < bytes) {
                pieces.add(used, stream.device().keep(bytes));
            }
            return pieces.get(used++);
        }

        /** Leaves the memory to the next operation. */
        @Override
        public void close() {
            used = first;
            try {
                stream.release(); // a stream that was closed meanwhile ends now, before its memory
            } finally {
                lock.unlock();
            }
        }
    }

    Use use() {
        return new Use();
    }

    /** Gives back what is not in use; false where that is nothing, or another thread is at it. */
    boolean spare() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            boolean some = used < pieces.size();
            free();
            return some;
        } finally {
            lock.unlock();
        }
    }

    /** The stream has ended. */
    void end() {
        lock.lock();
        try {
            free();
        } finally {
            lock.unlock();
        }
    }

    private void free() {
        Ending ending = new Ending();
        while (pieces.size() > used) {
            DeviceBuffer last = pieces.removeLast();
            ending.then(last::close);
        }
        ending.end();
    }
}
