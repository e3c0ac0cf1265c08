package dev.gamut.ffm.hwloc;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.topology.HostSource;
import java.util.List;
import java.util.Optional;

/** hwloc of the system, or the file that {@code gamut.hwloc} ({@code GAMUT_HWLOC}) names; {@code none} leaves it out. Thread-safe. */
public final class HwlocSource implements HostSource {
    private final SystemLibrary where;
    private HwlocLibrary library;
    private String failure;

    /** For {@link java.util.ServiceLoader}. */
    public HwlocSource() {
        this(SystemLibrary.ofProcess(
                "gamut.hwloc", "GAMUT_HWLOC", List.of("libhwloc.so.15", "libhwloc.15.dylib", "libhwloc.so", "hwloc")));
    }

    HwlocSource(SystemLibrary where) {
        this.where = where;
    }

    private synchronized void look() {
        if (library == null && failure == null) {
            try {
                library = where.open(HwlocLibrary::new);
            } catch (LoadFailure e) {
                failure = "no hwloc: " + e.getMessage();
            }
        }
    }

    @Override
    public String describe() {
        look();
        return library == null ? failure : library.describe();
    }

    @Override
    public Optional<String> unavailable() {
        look();
        return Optional.ofNullable(failure);
    }

    @Override
    public String xml() {
        look();
        if (library == null) {
            throw new IllegalStateException(failure);
        }
        return library.xml();
    }
}
