package dev.gamut.ffm.gpu;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A vendor's libraries and devices in this process, looked for once.
 *
 * @param places the devices, none where there is no runtime or it has none
 * @param runtime null where it was not found
 * @param failure why there are no devices, null where there are
 * @param broken what the runtime said of devices that are left out for it
 * @param blas the library for products, null where it was not found
 * @param blasFailure why not, null where it was
 */
record GpuHost(
        List<GpuPlace> places,
        Functions runtime,
        String failure,
        List<String> broken,
        Functions blas,
        String blasFailure) {
    private static final Map<Vendor, GpuHost> FOUND = new ConcurrentHashMap<>();

    static GpuHost get(Vendor vendor) {
        return FOUND.computeIfAbsent(vendor, v -> of(v, named(v, Call.Role.RUNTIME), named(v, Call.Role.PRODUCTS)));
    }

    /** Where one of a vendor's libraries is looked for. */
    static SystemLibrary named(Vendor vendor, Call.Role role) {
        String id = vendor.id(role);
        return SystemLibrary.ofProcess("gamut." + id, "GAMUT_" + id.toUpperCase(Locale.ROOT), vendor.names(role));
    }

    static GpuHost of(Vendor vendor, SystemLibrary runtimeLibrary, SystemLibrary blasLibrary) {
        Functions runtime;
        try {
            runtime = runtimeLibrary.open(library -> Functions.runtime(vendor, library));
        } catch (LoadFailure e) {
            return without(null, "no " + vendor.title() + ": " + e.getMessage());
        }
        try {
            int count = count(runtime);
            return count == 0 ? without(runtime, vendor.title() + " has no device") : with(runtime, count, blasLibrary);
        } catch (NativeCallException e) { // a driver's own failure is no reason for an exception here
            return without(runtime, unusable(runtime, e.getMessage()));
        }
    }

    private static String unusable(Functions runtime, String why) {
        return runtime.vendor().title() + " cannot be used: " + why;
    }

    private static GpuHost without(Functions runtime, String failure) {
        return new GpuHost(List.of(), runtime, failure, List.of(), null, "unused");
    }

    private static int count(Functions runtime) {
        try {
            return runtime.number(Call.DEVICE_COUNT);
        } catch (NativeCallException e) {
            if (e.code() == Constant.NO_DEVICE) {
                return 0;
            }
            throw e;
        }
    }

    private static GpuHost with(Functions runtime, int count, SystemLibrary blasLibrary) {
        Functions blas = null;
        String blasFailure = null;
        try {
            blas = blasLibrary.open(library -> Functions.blas(runtime.vendor(), library));
        } catch (LoadFailure e) {
            blasFailure = "no " + runtime.vendor().blasTitle() + ": " + e.getMessage();
        }
        List<GpuPlace> places = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (int device = 0; device < count; device++) {
            try {
                places.add(GpuPlace.of(runtime, blas, device));
            } catch (NativeCallException e) { // the others may do without it
                broken.add("device " + device + ": " + e.getMessage());
            }
        }
        return places.isEmpty()
                ? without(runtime, unusable(runtime, String.join("; ", broken)))
                : new GpuHost(List.copyOf(places), runtime, null, List.copyOf(broken), blas, blasFailure);
    }

    /** What was found, for people. */
    String describe() {
        Vendor vendor = runtime.vendor();
        return vendor.title() + " " + runtime.version() + ", from " + runtime.origin() + "; "
                + (blas == null ? blasFailure : vendor.blasTitle() + blasVersion(blas) + ", from " + blas.origin())
                + "; " + Ranks.get(vendor).describe()
                + (broken.isEmpty() ? "" : "; left out: " + String.join("; ", broken));
    }

    private static String blasVersion(Functions blas) {
        return blas.blasVersion().map(version -> " " + version).orElse("");
    }
}
