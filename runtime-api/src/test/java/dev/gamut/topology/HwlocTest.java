package dev.gamut.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines as hwloc 2 describes them; the form is what {@code lstopo --of xml} of hwloc 2.9 prints, with fewer attributes. */
class HwlocTest {
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n<topology version=\"2.0\">\n";

    private static String object(String type, String attributes, String... inside) {
        return "<object type=\"" + type + "\" " + attributes + ">" + String.join("", inside) + "</object>\n";
    }

    private static String machine(String... inside) {
        return HEAD + object("Machine", "os_index=\"0\"", inside) + "<support name=\"discovery.pu\"/></topology>\n";
    }

    private static String memory(int number, long bytes) {
        return object(
                "NUMANode",
                "os_index=\"" + number + "\" local_memory=\"" + bytes + "\"",
                "<page_type size=\"4096\" count=\"1\"/>");
    }

    private static String core() {
        return object(
                "L2Cache", "", object("Core", "", object("PU", "os_index=\"0\""), object("PU", "os_index=\"1\"")));
    }

    private static String times(int n, String what) {
        return what.repeat(n);
    }

    @Test
    void packagesMemoryAndSharedCaches() {
        String l3 = object("L3Cache", "", times(3, core()));
        Topology topology = Hwloc.topology(
                machine(
                        object("Package", "", memory(0, 6L << 30), l3, l3),
                        object("Package", "", memory(1, 12L << 30), l3, l3)),
                numa -> numa == 1 ? 7 : 0);
        assertEquals("1 node, 2 numas, 4 l3, 12 cores", topology.toString());
        assertEquals(0, topology.meet(0, 6));
        assertEquals(1, topology.meet(0, 3));
        assertEquals(2, topology.meet(0, 2));
        assertEquals(1L << 30, topology.resources(5).memory());
        assertEquals(2L << 30, topology.resources(6).memory());
        assertEquals(0, topology.resources(5).devices());
        assertEquals(2, topology.resources(6).devices(), "the first of six cores gets one more of seven devices");
        assertEquals(1, topology.resources(7).devices());
        assertTrue(topology.levels().get(2).latency() < topology.levels().get(1).latency());
        assertTrue(topology.failTogether(0, 11));
        assertEquals(topology.toText(), Topology.parse(topology.toText()).toText());
    }

    @Test
    void packagesOfSeveralNumaDomains() {
        String half = object("Group", "", "", times(2, core()));
        String first = object(
                "Package", "", half.replaceFirst(">", ">" + memory(0, 8)), half.replaceFirst(">", ">" + memory(1, 8)));
        String second = object(
                "Package", "", half.replaceFirst(">", ">" + memory(2, 8)), half.replaceFirst(">", ">" + memory(3, 8)));
        assertEquals(
                "1 node, 2 packages, 4 numas, 8 cores",
                Topology.hwloc(machine(first, second)).toString());
    }

    /** Fast and slow memory at the same cores are one domain. */
    @Test
    void severalMemoriesOfOneDomain() {
        Topology topology = Topology.hwloc(machine(
                object("Package", "", memory(0, 1L << 30), memory(2, 1L << 33), times(2, core())),
                object("Package", "", memory(1, 1L << 30), memory(3, 1L << 33), times(2, core()))));
        assertEquals("1 node, 2 numas, 4 cores", topology.toString());
        assertEquals((1L << 30) + (1L << 33) >> 1, topology.resources(3).memory());
    }

    @Test
    void whatHasAsManyDomainsIsOneLevel() {
        String all = machine(object("Package", "", memory(0, 1 << 20), object("L3Cache", "", times(2, core()))));
        Topology topology = Topology.hwloc(all);
        assertEquals("1 node, 2 cores", topology.toString());
        assertEquals(4e-8, topology.levels().getFirst().latency(), "cores that share a cache");
        Topology one = Topology.hwloc(machine(core()));
        assertEquals("1 node, 1 core", one.toString());
        assertEquals(Resources.NO_LIMIT, one.resources(0).memory());
        assertTrue(one.toText().contains(" memory=unlimited "), one.toText());
        assertEquals(
                Resources.NO_LIMIT, Topology.parse(one.toText()).resources(0).memory());
    }

    /** A level that some cores lack is none. */
    @Test
    void unequalCores() {
        Topology topology = Topology.hwloc(machine(object("L3Cache", "", times(2, core())), times(2, core())));
        assertEquals("1 node, 4 cores", topology.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "level node",
                "<topology version=\"2.0\"></topology>",
                "<topology version=\"2.0\"><object type=\"Machine\"></topology>",
                "<topology><object type=\"Machine\"><object type=\"NUMANode\" local_memory=\"much\"/></object></topology>"
            })
    void whatIsNoDescriptionIsSaid(String xml) {
        String message = assertThrows(IllegalArgumentException.class, () -> Topology.hwloc(xml))
                .getMessage();
        assertTrue(message.startsWith("the description of the machine is not of hwloc 2: "), message);
    }

    /** Nothing is fetched, whatever a description names. */
    @Test
    void entitiesAreNotFollowed() {
        String xml = "<?xml version=\"1.0\"?><!DOCTYPE topology [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>"
                + "<topology><object type=\"Machine\">&e;" + core() + "</object></topology>";
        try {
            assertEquals("1 node, 1 core", Topology.hwloc(xml).toString());
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().contains("not of hwloc 2"), refused.getMessage());
        }
    }
}
