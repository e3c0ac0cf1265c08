package dev.gamut.ffm.nvml;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.hw.EnergySource;
import java.util.List;
import java.util.Optional;

/** NVML of the driver, or the file that {@code gamut.nvml} ({@code GAMUT_NVML}) names; {@code none} leaves it out. Thread-safe. */
public final class NvmlSource implements EnergySource {
    private static final long MICRO_OF_MILLI = 1_000;

    private final SystemLibrary where;
    private NvmlLibrary library;
    private String failure;

    /** For {@link java.util.ServiceLoader}. */
    public NvmlSource() {
        this(SystemLibrary.ofProcess("gamut.nvml", "GAMUT_NVML", List.of("libnvidia-ml.so.1", "nvml")));
    }

    NvmlSource(SystemLibrary where) {
        this.where = where;
    }

    private synchronized void look() {
        if (library == null && failure == null) {
            try {
                library = where.open(NvmlLibrary::new);
            } catch (LoadFailure e) {
                failure = "no NVML: " + e.getMessage();
            }
        }
    }

    @Override
    public Optional<String> unavailable() {
        look();
        return Optional.ofNullable(failure);
    }

    @Override
    public List<String> counters() {
        look();
        return library == null ? List.of() : library.names();
    }

    @Override
    public long microjoules(int counter) {
        look();
        if (library == null) {
            throw new IllegalStateException(failure);
        }
        return MICRO_OF_MILLI * library.millijoules(counter);
    }
}
