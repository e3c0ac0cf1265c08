package dev.gamut.conformance;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A rank whose collectives are called on tensors of a device: all that a call has is brought there, with memory around it that nobody may touch,
 * and back when the call has ended.
 */
final class ResidentRanks implements Communicator {
    /** Bytes around a tensor. */
    private static final int GUARD = 64;

    private static final byte POISON = 0x3C;

    private final Communicator ranks;
    private final Device device;

    ResidentRanks(Communicator ranks, Device device) {
        this.ranks = ranks;
        this.device = device;
    }

    /** The tensors of one call. */
    private final class Moved {
        private final Map<Tensor, DeviceBuffer> there = new IdentityHashMap<>();
        private final Map<Tensor, Tensor> views = new IdentityHashMap<>();
        private final CollectiveCall call;

        Moved(CollectiveCall call) {
            this.call = call.on(tensor -> views.computeIfAbsent(tensor, this::move));
        }

        private static MemorySegment memory(Tensor t) {
            return t.segment()
                    .asSlice(
                            t.dtype().bytes(t.offset()),
                            t.dtype().bytes(t.layout().extent()));
        }

        private Tensor move(Tensor tensor) {
            MemorySegment numbers = memory(tensor);
            byte[] all = new byte[Math.toIntExact(numbers.byteSize()) + 2 * GUARD];
            Arrays.fill(all, POISON);
            MemorySegment.ofArray(all).asSlice(GUARD).copyFrom(numbers);
            DeviceBuffer buffer = device.allocate(all.length);
            there.put(tensor, buffer);
            buffer.copyFrom(MemorySegment.ofArray(all), 0);
            long first = (long) GUARD * Byte.SIZE / tensor.dtype().bits();
            return Tensor.of(buffer, tensor.dtype(), tensor.layout(), first);
        }

        void bringBack() {
            there.forEach((tensor, buffer) -> {
                byte[] all = new byte[Math.toIntExact(buffer.byteSize())];
                buffer.copyTo(MemorySegment.ofArray(all), 0);
                for (int i = 0; i < GUARD; i++) {
                    if (all[i] != POISON || all[all.length - 1 - i] != POISON) {
                        throw new AssertionError(tensor + ": memory of the device outside the tensor was written");
                    }
                }
                MemorySegment numbers = memory(tensor);
                numbers.copyFrom(MemorySegment.ofArray(all).asSlice(GUARD, numbers.byteSize()));
            });
            close();
        }

        void close() {
            there.values().forEach(DeviceBuffer::close);
            there.clear();
        }
    }

    /** A call under way, whose tensors are brought back by whoever waits for it. */
    private record Under(Request request, Moved moved) implements Request {
        @Override
        public boolean isDone() {
            return request.isDone();
        }

        @Override
        public void await() {
            try {
                request.await();
                moved.bringBack();
            } finally {
                moved.close();
            }
        }

        @Override
        public boolean await(Duration longest) throws InterruptedException {
            boolean ended = request.await(longest);
            if (ended) {
                moved.bringBack();
            }
            return ended;
        }

        @Override
        public boolean cancel() {
            return request.cancel();
        }
    }

    @Override
    public void run(CollectiveCall call) {
        Moved moved = new Moved(call);
        try {
            ranks.run(moved.call);
            moved.bringBack();
        } finally {
            moved.close();
        }
    }

    @Override
    public Request start(CollectiveCall call) {
        Moved moved = new Moved(call);
        try {
            return new Under(ranks.start(moved.call), moved);
        } catch (RuntimeException e) {
            moved.close();
            throw e;
        }
    }

    @Override
    public Communicator split(int colour, int key) {
        Communicator part = ranks.split(colour, key);
        return part == null ? null : new ResidentRanks(part, device);
    }

    @Override
    public Communicator shrink() {
        return new ResidentRanks(ranks.shrink(), device);
    }

    @Override
    public int rank() {
        return ranks.rank();
    }

    @Override
    public int size() {
        return ranks.size();
    }

    @Override
    public String engine() {
        return ranks.engine();
    }

    @Override
    public Request startSend(Tensor x, int peer, int tag) {
        return ranks.startSend(x, peer, tag);
    }

    @Override
    public Request startReceive(Tensor x, int peer, int tag) {
        return ranks.startReceive(x, peer, tag);
    }

    @Override
    public List<Level> levels() {
        return ranks.levels();
    }

    @Override
    public void deadline(Duration longest) {
        ranks.deadline(longest);
    }

    @Override
    public List<String> explain(CollectiveCall call) {
        return ranks.explain(call);
    }

    @Override
    public void close() {
        ranks.close();
    }
}
