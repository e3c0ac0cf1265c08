package dev.gamut.topology;

import dev.gamut.error.GamutException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** This machine: what a library tells of it, else what {@code /sys} does. Libraries are looked for when this class is used first. */
final class Host {
    private static final List<HostSource> SOURCES = ServiceLoader.load(HostSource.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    private Host() {}

    /** As {@link Topology#host()}. */
    static Topology topology() {
        Sysfs sysfs = new Sysfs(Path.of("/sys"));
        for (HostSource source : SOURCES) {
            if (source.unavailable().isEmpty()) {
                try {
                    return Hwloc.topology(source.xml(), sysfs::devices);
                } catch (GamutException | IllegalArgumentException e) {
                    System.getLogger("dev.gamut")
                            .log(System.Logger.Level.WARNING, source.describe() + ": " + e.getMessage());
                }
            }
        }
        return sysfs.topology();
    }

    /** As {@link Topology#hostSources()}. */
    static List<String> sources() {
        return SOURCES.stream()
                .map(source -> source.unavailable().orElseGet(source::describe))
                .toList();
    }
}
