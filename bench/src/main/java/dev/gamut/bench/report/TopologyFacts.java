package dev.gamut.bench.report;

import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A machine's tree as JSON: its levels with what they cost, and for machines of a size that can be drawn every domain. */
final class TopologyFacts {
    /** More places than this are not drawn one by one. */
    private static final int DRAWN = 1_024;

    private TopologyFacts() {}

    /**
     * {@code levels}, {@code tree} (null where the machine is too large), and {@code text}.
     *
     * @param topology the machine
     */
    static Map<String, Object> of(Topology topology) {
        List<Object> levels = new ArrayList<>();
        for (int level = 0; level < topology.levels().size(); level++) {
            Level of = topology.levels().get(level);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", of.name());
            map.put("domains", topology.size(level));
            map.put("latency", of.latency());
            map.put("bandwidth", of.bandwidth());
            map.put("planes", of.planes());
            map.put("fails", level == topology.failureLevel());
            levels.add(map);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("summary", topology.toString());
        facts.put("levels", levels);
        facts.put("tree", topology.places() > DRAWN ? null : domain(topology, 0, 0));
        facts.put("text", topology.toText());
        return facts;
    }

    private static Map<String, Object> domain(Topology topology, int level, int domain) {
        int lowest = topology.levels().size() - 1;
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", topology.name(level, domain));
        map.put("bandwidth", topology.bandwidth(level, domain));
        if (level == lowest) {
            map.put("down", !topology.isHealthy(domain));
            map.put("devices", topology.resources(domain).devices());
            map.put("memory", topology.resources(domain).memory());
            return map;
        }
        List<Object> parts = new ArrayList<>();
        int place = topology.first(level, domain);
        while (place < topology.end(level, domain)) {
            int part = topology.domain(level + 1, place);
            parts.add(domain(topology, level + 1, part));
            place = topology.end(level + 1, part);
        }
        map.put("parts", parts);
        return map;
    }
}
