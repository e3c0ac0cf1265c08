package dev.gamut.topology;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** One machine, from the XML of hwloc 2, which {@code lstopo --of xml} prints too. */
final class Hwloc {
    /** A sort of object that may be a level, widest first, with estimates of what it costs its parts to talk. */
    private enum Kind {
        NODE("Machine", 2e-7, 10e9),
        PACKAGE("Package", 1.5e-7, 15e9),
        /** The object that memory is attached to, whichever it is. */
        NUMA("", 1e-7, 20e9),
        DIE("Die", 7e-8, 25e9),
        L3("L3Cache", 4e-8, 30e9),
        CORE("Core", 0, 30e9);

        final String type;
        final Level level;

        Kind(String type, double latency, double bandwidth) {
            this.type = type;
            level = new Level(name().toLowerCase(java.util.Locale.ROOT), latency, bandwidth);
        }
    }

    /** A number for each core and kind, -1 where it is in none. */
    private final List<int[]> cores = new ArrayList<>();

    private final int[] count = new int[Kind.values().length];
    /** Of each domain of {@link Kind#NUMA} its memory and the numbers that the system gives its parts. */
    private final List<Long> memory = new ArrayList<>();

    private final List<List<Integer>> numbers = new ArrayList<>();

    private Hwloc() {}

    /**
     * Reads a machine.
     *
     * @param xml as hwloc 2 prints it
     * @param devices accelerators near a NUMA domain, by the number that the system gives it
     * @throws IllegalArgumentException if it is no such text
     */
    static Topology topology(String xml, IntUnaryOperator devices) {
        Hwloc machine = new Hwloc();
        try {
            machine.read(xml);
        } catch (XMLStreamException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the description of the machine is not of hwloc 2: " + e.getMessage(), e);
        }
        if (machine.cores.isEmpty()) {
            throw new IllegalArgumentException("the description of the machine is not of hwloc 2: it has no core");
        }
        return machine.topology(devices);
    }

    private void read(String xml) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        // A description names its grammar, which nobody is to fetch.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
        ArrayDeque<int[]> path = new ArrayDeque<>();
        int[] none = new int[Kind.values().length];
        Arrays.fill(none, -1);
        path.push(none);
        for (; reader.hasNext(); reader.next()) {
            boolean isObject = (reader.isStartElement() || reader.isEndElement())
                    && reader.getLocalName().equals("object");
            if (isObject && reader.getEventType() == XMLStreamConstants.START_ELEMENT) {
                path.push(entered(reader, path.peek()));
            } else if (isObject) {
                path.pop();
            }
        }
        reader.close();
    }

    private int[] entered(XMLStreamReader object, int[] above) {
        String type = object.getAttributeValue(null, "type");
        if ("NUMANode".equals(type)) {
            attach(object, above);
            return above;
        }
        int[] here = above.clone();
        for (Kind kind : Kind.values()) {
            if (kind.type.equals(type)) {
                here[kind.ordinal()] = count[kind.ordinal()]++;
            }
        }
        if (Kind.CORE.type.equals(type)) {
            cores.add(here);
        }
        return here;
    }

    /** Memory comes before the parts of the object that it is attached to, which it holds for; several are one domain. */
    private void attach(XMLStreamReader object, int[] owner) {
        if (owner[Kind.NUMA.ordinal()] < 0 || owner[Kind.NUMA.ordinal()] != memory.size() - 1 || hasCores()) {
            owner[Kind.NUMA.ordinal()] = memory.size();
            count[Kind.NUMA.ordinal()]++;
            memory.add(0L);
            numbers.add(new ArrayList<>());
        }
        String bytes = object.getAttributeValue(null, "local_memory");
        String number = object.getAttributeValue(null, "os_index");
        int last = memory.size() - 1;
        memory.set(last, memory.get(last) + (bytes == null ? 0 : Long.parseLong(bytes)));
        numbers.get(last).add(number == null ? last : Integer.parseInt(number));
    }

    /** Whether the last domain of memory has cores already. */
    private boolean hasCores() {
        return !cores.isEmpty() && cores.getLast()[Kind.NUMA.ordinal()] == memory.size() - 1;
    }

    private Topology topology(IntUnaryOperator devices) {
        TopologyBuilder builder = Topology.builder();
        Optional<Kind> above = Optional.empty();
        String name = Kind.NODE.level.name();
        for (Kind kind : Kind.values()) {
            boolean isLast = kind == Kind.CORE;
            if (!isLast && !isLevel(kind, above)) {
                continue;
            }
            // What has as many domains as the next one is the same: it keeps the wider one's name and the narrower
            // one's cost.
            Optional<Kind> next = next(kind);
            if (next.isPresent() && domains(next.get()) == domains(kind)) {
                continue;
            }
            Level level = kind.level;
            String called = above.isEmpty() ? name : level.name();
            builder.level(
                    new Level(called, level.latency(), level.bandwidth()),
                    above.map(wider -> parts(wider, kind)).orElse(new int[0]));
            above = Optional.of(kind);
        }
        int lowest = builder.levels.size() - 1;
        for (int core = 0; core < cores.size(); core++) {
            builder.resources(lowest, core, resources(core, devices));
        }
        return builder.failure(name).build();
    }

    /** The next narrower kind that may be a level inside one. */
    private Optional<Kind> next(Kind kind) {
        return Arrays.stream(Kind.values())
                .filter(other -> other.compareTo(kind) > 0 && other != Kind.CORE && isLevel(other, Optional.of(kind)))
                .findFirst();
    }

    private int domains(Kind kind) {
        return (int)
                cores.stream().mapToInt(core -> core[kind.ordinal()]).distinct().count();
    }

    /** Whether each core is in one domain of a kind, and each of these in one of the kind above. */
    private boolean isLevel(Kind kind, Optional<Kind> above) {
        if (cores.stream().anyMatch(core -> core[kind.ordinal()] < 0)) {
            return false;
        }
        Set<List<Integer>> pairs = new HashSet<>();
        above.ifPresent(wider ->
                cores.forEach(core -> pairs.add(List.of(core[wider.ordinal()], core[kind.ordinal()]))));
        return above.isEmpty() || pairs.size() == domains(kind);
    }

    private int[] parts(Kind above, Kind kind) {
        List<Integer> parts = new ArrayList<>();
        for (int core = 0; core < cores.size(); core++) {
            boolean first = core == 0 || differ(core, above);
            if (first) {
                parts.add(0);
            }
            boolean part = first || differ(core, kind);
            parts.set(parts.size() - 1, parts.getLast() + (part ? 1 : 0));
        }
        return parts.stream().mapToInt(Integer::intValue).toArray();
    }

    private boolean differ(int core, Kind kind) {
        return cores.get(core)[kind.ordinal()] != cores.get(core - 1)[kind.ordinal()];
    }

    private Resources resources(int core, IntUnaryOperator devices) {
        int numa = cores.get(core)[Kind.NUMA.ordinal()];
        int first = core;
        while (first > 0 && cores.get(first - 1)[Kind.NUMA.ordinal()] == numa) {
            first--;
        }
        int sharing = (int)
                cores.stream().filter(of -> of[Kind.NUMA.ordinal()] == numa).count();
        long bytes = numa < 0 || memory.get(numa) == 0 ? Resources.NO_LIMIT : memory.get(numa) / sharing;
        int near = numa < 0
                ? 0
                : numbers.get(numa).stream().mapToInt(devices::applyAsInt).sum();
        return new Resources(
                1, bytes, near / sharing + (core - first < near % sharing ? 1 : 0), Resources.DEFAULT.precisions());
    }
}
