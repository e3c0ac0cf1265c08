package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.error.RankFailureException;
import dev.gamut.spi.Transport;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Ranks of one process that exchange copies of bytes, without collectives of their own. A rank whose transport is closed is missing. */
public final class LocalTransport implements Transport {
    /** What the ranks of a group share. */
    private static final class Net {
        private final List<String> hosts;
        private final Map<List<Integer>, Lane> lanes = new HashMap<>();
        private final Map<Integer, String> ended = new ConcurrentHashMap<>();
        private final List<Wish> wishes = new ArrayList<>();
        private final Map<Integer, Net> parts = new HashMap<>();
        private final TreeSet<Integer> survivors = new TreeSet<>();
        private Net rest;
        private int leaving;

        Net(List<String> hosts) {
            this.hosts = hosts;
        }

        synchronized Lane lane(int from, int to, int tag) {
            return lanes.computeIfAbsent(List.of(from, to, tag), _ -> new Lane());
        }

        Net of(List<Integer> ranks) {
            return new Net(ranks.stream().map(hosts::get).toList());
        }
    }

    /** What a rank wants of a split. */
    private record Wish(int rank, int colour, int key) {}

    /** Messages of one pair with one tag, and who waits for them. */
    private static final class Lane {
        private final Deque<byte[]> messages = new ArrayDeque<>();
        private final Deque<Incoming> waiting = new ArrayDeque<>();

        synchronized void add(byte[] message) {
            messages.add(message);
            match();
        }

        synchronized void add(Incoming incoming) {
            waiting.add(incoming);
            match();
        }

        private void match() {
            while (!messages.isEmpty() && !waiting.isEmpty()) {
                waiting.poll().message = messages.poll();
            }
        }
    }

    /** A message to come; its bytes are put in place by the thread that waits for it. */
    private static final class Incoming implements Transfer {
        private final Lane lane;
        private final MemorySegment place;
        private volatile byte[] message;
        private boolean ended;
        private long bytes;

        Incoming(Lane lane, MemorySegment place) {
            this.lane = lane;
            this.place = place;
        }

        @Override
        public boolean test() {
            byte[] came = message;
            if (came != null && !ended) {
                boolean fits = came.length <= place.byteSize();
                bytes = fits ? came.length : TOO_LONG;
                MemorySegment.copy(came, 0, place, ValueLayout.JAVA_BYTE, 0, fits ? came.length : 0);
                ended = true;
            }
            return ended;
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

    private final Net net;
    private final int rank;

    private LocalTransport(Net net, int rank) {
        this.net = net;
        this.rank = rank;
    }

    /**
     * A group of ranks on this host.
     *
     * @param size how many
     */
    public static List<Transport> group(int size) {
        return group(Collections.nCopies(size, hostName()));
    }

    static List<Transport> group(List<String> hosts) {
        Net net = new Net(hosts);
        return IntStream.range(0, hosts.size())
                .<Transport>mapToObj(r -> new LocalTransport(net, r))
                .toList();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) { // a host that does not know its own name
            return "localhost";
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return net.hosts.size();
    }

    @Override
    public String engine() {
        return "local";
    }

    @Override
    public List<String> hosts() {
        return net.hosts;
    }

    @Override
    public Transfer send(MemorySegment bytes, int peer, int tag) {
        net.lane(rank, peer, tag).add(bytes.toArray(ValueLayout.JAVA_BYTE));
        return new Transfers(List.of()); // which has ended
    }

    @Override
    public Transfer receive(MemorySegment bytes, int peer, int tag) {
        Lane lane = net.lane(peer, rank, tag);
        Incoming incoming = new Incoming(lane, bytes);
        lane.add(incoming);
        return incoming;
    }

    @Override
    public boolean has(CollectiveDesc what) {
        return false;
    }

    @Override
    public Transfer collective(CollectiveDesc what, MemorySegment from, MemorySegment to) {
        throw new UnsupportedOperationException("there are no collectives here");
    }

    /** Waits for the other ranks; one that has closed its transport never comes. */
    @Override
    public Transport split(int colour, int key) {
        long begun = System.nanoTime();
        synchronized (net) {
            while (net.leaving > 0) { // ranks that have not gone from the last one yet
                pause();
            }
            net.wishes.add(new Wish(rank, colour, key));
            if (net.wishes.size() == size()) {
                net.leaving = size();
                net.notifyAll();
            }
            while (net.leaving == 0) {
                if (!net.ended.isEmpty()) {
                    throw new RankFailureException(
                            net.ended.keySet(),
                            "split",
                            Duration.ofNanos(System.nanoTime() - begun),
                            net.ended.toString());
                }
                pause();
            }
            List<Integer> mine = net.wishes.stream()
                    .filter(wish -> wish.colour == colour)
                    .sorted(Comparator.comparingInt(Wish::key).thenComparingInt(Wish::rank))
                    .map(Wish::rank)
                    .toList();
            Net part = net.parts.computeIfAbsent(colour, _ -> net.of(mine));
            if (--net.leaving == 0) {
                net.wishes.clear();
                net.parts.clear();
                net.notifyAll();
            }
            return colour < 0 ? null : new LocalTransport(part, mine.indexOf(rank));
        }
    }

    /** All that have not closed theirs; waits until each rank has either done that or called this. */
    @Override
    public Optional<Transport> shrink() {
        synchronized (net) {
            net.survivors.add(rank);
            net.notifyAll();
            while (net.rest == null
                    && !IntStream.range(0, size())
                            .allMatch(r -> net.survivors.contains(r) || net.ended.containsKey(r))) {
                pause();
            }
            List<Integer> left = List.copyOf(net.survivors);
            net.rest = net.rest == null ? net.of(left) : net.rest;
            return Optional.of(new LocalTransport(net.rest, left.indexOf(rank)));
        }
    }

    private void pause() {
        try {
            net.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the other ranks", e);
        }
    }

    @Override
    public Map<Integer, String> missing() {
        return Map.copyOf(net.ended);
    }

    @Override
    public void abandon() {}

    @Override
    public void close() {
        synchronized (net) {
            net.ended.put(rank, "has closed its communicator");
            net.notifyAll();
        }
    }
}
