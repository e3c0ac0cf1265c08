package dev.gamut.ffm.opencl;

import dev.gamut.device.DeviceDriver;
import dev.gamut.device.DeviceInfo;
import dev.gamut.ffm.program.OwnConvert;
import dev.gamut.ffm.program.OwnReduce;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.DeviceProvider;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Devices of OpenCL, of any vendor. Products and sums are CLBlast's where it is found, and of Gamut's own kernels, which are compiled for the
 * device when they are first used and kept until the process ends; many drivers keep them on disk besides. Thread-safe.
 *
 * <p>The library is the file that the system property {@code gamut.opencl} or the environment variable {@code GAMUT_OPENCL} names ({@code
 * none} for none), or the first of the usual names that the system's loader knows; {@code gamut.clblast} and {@code GAMUT_CLBLAST} do the
 * same for CLBlast. Both are looked for when a device is first asked about. Devices of NVIDIA's platform are left out unless the user names the
 * library: its driver has ended a JVM by a fault in native memory, and CUDA reaches the same cards.
 */
public final class OpenClProvider implements DeviceProvider {
    private static final String TUNING = "tuning.txt";

    private final Supplier<ClHost> host;
    private final List<Kernel<?, ?>> kernels;
    private final Tuning tuning = readTuning();

    /** For {@link java.util.ServiceLoader}. */
    public OpenClProvider() {
        this(ClHost::get);
    }

    OpenClProvider(Supplier<ClHost> host) {
        this.host = host;
        List<Kernel<?, ?>> all = new ArrayList<>(ClBlastGemm.kernels(host));
        all.addAll(ClBlastReduce.kernels(host));
        all.addAll(ClGemm.kernels());
        all.addAll(OwnReduce.kernels(ClLanguage.OPENCL));
        all.addAll(OwnConvert.kernels(ClLanguage.OPENCL));
        this.kernels = List.copyOf(all);
    }

    private static Tuning readTuning() {
        try (InputStream in = OpenClProvider.class.getResourceAsStream(TUNING)) {
            return Tuning.read(in, TUNING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TUNING, e);
        }
    }

    @Override
    public String name() {
        return ClHost.NAME;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return machine.equals(Capabilities.host())
                ? Optional.ofNullable(host.get().failure())
                : Optional.of("which devices another machine has is not known");
    }

    @Override
    public List<DeviceInfo> devices() {
        return host.get().places().stream().map(ClPlace::info).toList();
    }

    @Override
    public DeviceDriver open(DeviceInfo device) {
        return host.get().places().stream()
                .filter(place -> place.info().equals(device))
                .findFirst()
                .<DeviceDriver>map(ClDriver::new)
                .orElseThrow(
                        () -> new IllegalArgumentException("device is " + device + ", which is none of " + devices()));
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return kernels;
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }

    @Override
    public Optional<String> library() {
        return Optional.of(host.get()).filter(found -> found.library() != null).map(ClHost::describe);
    }
}
