package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.spi.Transport;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Ranks that are threads and exchange copies of bytes, which take a random number of looks to arrive. */
final class MemoryTransport implements Transport {
    /** The way between the hosts. */
    enum Cable {
        WHOLE,
        /** What ranks say of each other gets through, and nothing else. */
        SLOW,
        CUT
    }

    /** What the ranks of a group share. */
    private static final class Net {
        private volatile Cable cable = Cable.WHOLE;
        private final int size;
        private final List<String> hosts;
        private final Map<List<Integer>, Lane> lanes = new HashMap<>();
        private final Map<Integer, String> missing = new ConcurrentHashMap<>();
        private final List<int[]> wishes = new ArrayList<>();
        private final Map<Integer, Net> parts = new HashMap<>();
        private int left;

        Net(int size, List<String> hosts) {
            this.size = size;
            this.hosts = hosts;
        }

        synchronized Lane lane(int from, int to, int tag) {
            return lanes.computeIfAbsent(List.of(from, to, tag), _ -> new Lane());
        }
    }

    /** Messages of one pair with one tag, and who waits for them. */
    private static final class Lane {
        private final Deque<byte[]> messages = new ArrayDeque<>();
        private final Deque<Incoming> waiting = new ArrayDeque<>();

        synchronized void match() {
            while (!messages.isEmpty() && !waiting.isEmpty()) {
                waiting.poll().arrived(messages.poll());
            }
        }
    }

    private static final class Incoming implements Transfer {
        private final Lane lane;
        private final MemorySegment place;
        private int looks = new SplittableRandom().nextInt(20);
        private boolean ended;
        private long bytes;

        Incoming(Lane lane, MemorySegment place) {
            this.lane = lane;
            this.place = place;
        }

        void arrived(byte[] message) {
            boolean fits = message.length <= place.byteSize();
            bytes = fits ? message.length : TOO_LONG;
            if (fits) {
                MemorySegment.copy(MemorySegment.ofArray(message), 0, place, 0, message.length);
            }
            ended = true;
        }

        @Override
        public boolean test() {
            synchronized (lane) {
                lane.match();
                return ended && looks-- <= 0;
            }
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public boolean cancel() {
            synchronized (lane) {
                lane.waiting.remove(this);
                return true;
            }
        }
    }

    private record Sent(Lane lane) implements Transfer {
        @Override
        public boolean test() {
            return true;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public boolean cancel() {
            return true;
        }
    }

    private final Net net;
    private final int rank;

    private MemoryTransport(Net net, int rank) {
        this.net = net;
        this.rank = rank;
    }

    /** A group of ranks on two hosts. */
    static List<MemoryTransport> group(int size) {
        Net net = new Net(
                size,
                IntStream.range(0, size)
                        .mapToObj(r -> r < (size + 1) / 2 ? "left" : "right")
                        .toList());
        return IntStream.range(0, size)
                .mapToObj(r -> new MemoryTransport(net, r))
                .toList();
    }

    /** Lets the others see that a rank has ended. */
    void lose(int gone) {
        net.missing.put(gone, "has ended");
    }

    /** Changes the way between the hosts. */
    void cable(Cable now) {
        net.cable = now;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return net.size;
    }

    @Override
    public String engine() {
        return "memory";
    }

    @Override
    public List<String> hosts() {
        return net.hosts;
    }

    @Override
    public Transfer send(MemorySegment bytes, int peer, int tag) {
        Lane lane = net.lane(rank, peer, tag);
        boolean away = !net.hosts.get(rank).equals(net.hosts.get(peer));
        if (away && (net.cable == Cable.CUT || net.cable == Cable.SLOW && tag != RollCall.TAG)) {
            return new Sent(lane);
        }
        synchronized (lane) {
            byte[] message = new byte[(int) bytes.byteSize()];
            MemorySegment.copy(bytes, 0, MemorySegment.ofArray(message), 0, message.length);
            lane.messages.add(message);
        }
        return new Sent(lane);
    }

    @Override
    public Transfer receive(MemorySegment bytes, int peer, int tag) {
        if (!bytes.isNative()) {
            throw new AssertionError("memory must be native");
        }
        Lane lane = net.lane(peer, rank, tag);
        Incoming incoming = new Incoming(lane, bytes);
        synchronized (lane) {
            lane.waiting.add(incoming);
        }
        return incoming;
    }

    @Override
    public boolean has(CollectiveDesc what) {
        return false;
    }

    @Override
    public Transfer collective(CollectiveDesc what, MemorySegment from, MemorySegment to) {
        throw new AssertionError("there are no collectives");
    }

    @Override
    public Transport split(int colour, int key) {
        synchronized (net) {
            while (net.left > 0) { // ranks that have not gone from the last one yet
                pause();
            }
            net.wishes.add(new int[] {rank, colour, key});
            if (net.wishes.size() == net.size) {
                net.left = net.size;
                net.notifyAll();
            }
            while (net.left == 0) {
                pause();
            }
            List<int[]> mine = net.wishes.stream()
                    .filter(wish -> wish[1] == colour)
                    .sorted(Comparator.<int[]>comparingInt(wish -> wish[2]).thenComparingInt(wish -> wish[0]))
                    .toList();
            Net part = net.parts.computeIfAbsent(
                    colour,
                    _ -> new Net(
                            mine.size(),
                            mine.stream().map(wish -> net.hosts.get(wish[0])).toList()));
            int place = (int) mine.stream().takeWhile(wish -> wish[0] != rank).count();
            if (--net.left == 0) {
                net.wishes.clear();
                net.parts.clear();
                net.notifyAll();
            }
            return colour < 0 ? null : new MemoryTransport(part, place);
        }
    }

    private void pause() {
        try {
            net.wait();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Map<Integer, String> missing() {
        return Map.copyOf(net.missing);
    }

    @Override
    public Optional<Transport> shrink() {
        return Optional.empty();
    }

    @Override
    public void abandon() {}

    @Override
    public void close() {}
}
