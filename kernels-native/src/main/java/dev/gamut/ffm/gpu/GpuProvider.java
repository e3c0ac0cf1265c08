package dev.gamut.ffm.gpu;

import dev.gamut.device.DeviceDriver;
import dev.gamut.device.DeviceInfo;
import dev.gamut.error.GamutException;
import dev.gamut.ffm.program.Language;
import dev.gamut.ffm.program.OwnConvert;
import dev.gamut.ffm.program.OwnReduce;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.DeviceProvider;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the providers of both vendors do; they differ in the vendor. Thread-safe. */
abstract sealed class GpuProvider implements DeviceProvider permits CudaProvider, RocmProvider {
    private static final String TUNING = "tuning.txt";

    private final Vendor vendor;
    private final Supplier<GpuHost> host;
    private final List<Kernel<?, ?>> kernels;
    private final Tuning tuning = readTuning();

    GpuProvider(Vendor vendor, Supplier<GpuHost> host) {
        this.vendor = vendor;
        this.host = host;
        List<Kernel<?, ?>> all = new ArrayList<>(LtGemm.kernels(vendor, host));
        if (vendor == Vendor.CUDA) {
            Language programs = new CudaLanguage(host);
            all.addAll(LtWidened.kernels(host, programs));
            all.addAll(OwnReduce.kernels(programs));
            all.addAll(OwnConvert.kernels(programs));
        }
        this.kernels = List.copyOf(all);
    }

    private static Tuning readTuning() {
        try (InputStream in = GpuProvider.class.getResourceAsStream(TUNING)) {
            return Tuning.read(in, TUNING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TUNING, e);
        }
    }

    @Override
    public final String name() {
        return vendor.id();
    }

    @Override
    public final Optional<String> unavailable(Capabilities machine) {
        return machine.equals(Capabilities.host())
                ? Optional.ofNullable(host.get().failure())
                : Optional.of("which devices another machine has is not known");
    }

    @Override
    public final List<DeviceInfo> devices() {
        return host.get().places().stream().map(GpuPlace::info).toList();
    }

    @Override
    public final DeviceDriver open(DeviceInfo device) {
        return new GpuDriver(place(device));
    }

    private GpuPlace place(DeviceInfo device) {
        return host.get().places().stream()
                .filter(place -> place.info().equals(device))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("device is " + device + ", which is none of " + devices()));
    }

    /** By NCCL or RCCL, which is looked for when first asked for. */
    @Override
    public final Transport transport(DeviceInfo device, Transport beneath) {
        Ranks ranks = Ranks.get(vendor);
        if (ranks.functions() == null) {
            beneath.close();
            throw new GamutException(device.name() + " takes part in no collectives: " + ranks.failure());
        }
        GpuPlace place;
        try {
            place = place(device);
        } catch (RuntimeException e) {
            beneath.close();
            throw e;
        }
        return GpuTransport.over(beneath, place, ranks.functions());
    }

    @Override
    public final List<Kernel<?, ?>> kernels() {
        return kernels;
    }

    @Override
    public final Tuning tuning() {
        return tuning;
    }

    @Override
    public final Optional<String> library() {
        return Optional.of(host.get()).filter(found -> found.runtime() != null).map(GpuHost::describe);
    }
}
