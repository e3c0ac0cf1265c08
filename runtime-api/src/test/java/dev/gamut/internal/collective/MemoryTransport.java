package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.spi.Transport;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Ranks that are threads, on two hosts between which the way may fail; messages take a random number of looks to arrive. */
final class MemoryTransport implements Transport {
    /** The way between the hosts. */
    enum Cable {
        WHOLE,
        /** What ranks say of each other gets through, and nothing else. */
        SLOW,
        CUT
    }

    /** What the ranks of a group share. */
    private static final class Faults {
        private volatile Cable cable = Cable.WHOLE;
        private final Map<Integer, String> missing = new ConcurrentHashMap<>();
    }

    /** A message that is seen late. */
    private static final class Late implements Transfer {
        private final Transfer inner;
        private int looks = new SplittableRandom().nextInt(20);

        Late(Transfer inner) {
            this.inner = inner;
        }

        @Override
        public boolean test() {
            return inner.test() && looks-- <= 0;
        }

        @Override
        public long bytes() {
            return inner.bytes();
        }

        @Override
        public boolean cancel() {
            return inner.cancel();
        }
    }

    private final Transport inner;
    private final Faults faults;

    private MemoryTransport(Transport inner, Faults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    /** A group of ranks on two hosts. */
    static List<MemoryTransport> group(int size) {
        Faults faults = new Faults();
        List<String> hosts = IntStream.range(0, size)
                .mapToObj(r -> r < (size + 1) / 2 ? "left" : "right")
                .toList();
        return LocalTransport.group(hosts).stream()
                .map(rank -> new MemoryTransport(rank, faults))
                .toList();
    }

    /** Lets the others see that a rank has ended. */
    void lose(int gone) {
        faults.missing.put(gone, "has ended");
    }

    /** Changes the way between the hosts. */
    void cable(Cable now) {
        faults.cable = now;
    }

    @Override
    public int rank() {
        return inner.rank();
    }

    @Override
    public int size() {
        return inner.size();
    }

    @Override
    public String engine() {
        return "memory";
    }

    @Override
    public List<String> hosts() {
        return inner.hosts();
    }

    @Override
    public Transfer send(MemorySegment bytes, int peer, int tag) {
        boolean away = !hosts().get(rank()).equals(hosts().get(peer));
        boolean lost = away && (faults.cable == Cable.CUT || faults.cable == Cable.SLOW && tag != RollCall.TAG);
        return lost ? new Transfers(List.of()) : inner.send(bytes, peer, tag);
    }

    @Override
    public Transfer receive(MemorySegment bytes, int peer, int tag) {
        if (!bytes.isNative()) {
            throw new AssertionError("memory must be native");
        }
        return new Late(inner.receive(bytes, peer, tag));
    }

    @Override
    public boolean has(CollectiveDesc what) {
        return inner.has(what);
    }

    @Override
    public Transfer collective(CollectiveDesc what, MemorySegment from, MemorySegment to) {
        return inner.collective(what, from, to);
    }

    @Override
    public Transport split(int colour, int key) {
        Transport part = inner.split(colour, key);
        return part == null ? null : new MemoryTransport(part, new Faults());
    }

    @Override
    public Map<Integer, String> missing() {
        return new HashMap<>(faults.missing);
    }

    @Override
    public Optional<Transport> shrink() {
        return Optional.empty();
    }

    @Override
    public void abandon() {}

    @Override
    public void close() {
        inner.close();
    }
}
