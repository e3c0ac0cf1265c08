package dev.gamut;

import dev.gamut.device.DeviceInfo;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.DeviceProvider;
import dev.gamut.spi.Kernel;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The providers of devices, looked up once a process, when a device is first asked about. */
final class Devices {
    /** A device and whose it is. */
    record Found(DeviceProvider provider, DeviceInfo info) {}

    private Devices() {}

    private static final class Registry {
        static final List<DeviceProvider> PROVIDERS =
                ServiceLoader.load(DeviceProvider.class, Devices.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
    }

    /** Told to the log once: which devices there are and which libraries reach none. */
    private static final class Announced {
        static {
            List<String> lines = new ArrayList<>();
            found().forEach(found -> lines.add(found.info.toString()));
            reasons().forEach((name, reason) -> lines.add(name + ": " + reason));
            System.getLogger("dev.gamut").log(Level.INFO, "devices: " + String.join("; ", lines));
        }

        static void now() {}
    }

    private static Stream<Found> found() {
        return Registry.PROVIDERS.stream()
                .flatMap(provider -> provider.devices().stream().map(info -> new Found(provider, info)));
    }

    static List<DeviceInfo> all() {
        Announced.now();
        return found().map(Found::info).toList();
    }

    static Stream<DeviceProvider> providers() {
        return Registry.PROVIDERS.stream();
    }

    static Stream<Kernel<?, ?>> kernels() {
        return Registry.PROVIDERS.stream().flatMap(provider -> provider.kernels().stream());
    }

    static Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        for (DeviceProvider provider : Registry.PROVIDERS) {
            provider.unavailable(Capabilities.host()).ifPresent(reason -> reasons.put(provider.name(), reason));
        }
        return reasons;
    }

    static Map<String, String> libraries() {
        Map<String, String> found = new TreeMap<>();
        for (DeviceProvider provider : Registry.PROVIDERS) {
            provider.library().ifPresent(library -> found.put(provider.name(), library));
        }
        return found;
    }

    /**
     * By {@code provider}, {@code provider:number} or {@code provider:part of the title}.
     *
     * @param argument what the caller calls it
     */
    static Found find(String argument, String name) {
        Announced.now();
        Optional<Found> exact = found().filter(f -> f.info.name().equals(name)).findFirst();
        return exact.or(() -> found().filter(f -> matches(f, name)).findFirst()).orElseThrow(() -> {
            List<String> known = all().stream().map(DeviceInfo::toString).toList();
            return new IllegalArgumentException(argument + " is '" + name + "'; "
                    + (known.isEmpty() ? "there are no devices" : "there are " + String.join("; ", known))
                    + (reasons().isEmpty() ? "" : "; unusable are " + reasons()));
        });
    }

    private static boolean matches(Found found, String name) {
        String[] parts = name.split(":", 2);
        return parts[0].equals(found.provider.name())
                && (parts.length == 1
                        || !parts[1].isBlank()
                                && !parts[1].matches("\\d+")
                                && found.info
                                        .title()
                                        .toLowerCase(Locale.ROOT)
                                        .contains(parts[1].toLowerCase(Locale.ROOT)));
    }
}
