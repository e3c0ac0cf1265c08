package dev.gamut.ffm.opencl;

import dev.gamut.error.GamutException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.ffm.opencl.abi.opencl_h;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * OpenCL and CLBlast of this process, looked for once.
 *
 * @param places the devices, none where there is no library or it has none
 * @param library where OpenCL was found, null where it was not
 * @param failure why there are no devices, null where there are
 * @param broken why drivers and devices are left out: what they said, or what is known of them
 * @param blas CLBlast, null where it was not found
 * @param blasFailure why not, null where it was
 */
record ClHost(
        List<ClPlace> places,
        ClLibrary library,
        String failure,
        List<String> broken,
        ClBlast blas,
        String blasFailure) {
    /** Name of the provider, with which names of devices begin. */
    static final String NAME = "opencl";

    /**
     * A platform whose driver is not used unless the user names the library. With driver 580.159.04 on an H100 a JVM ended in native memory after
     * 13 kernels ("free(): invalid size"), and one that had opened it beside CUDA and PoCL with a segmentation fault, whoever caused that.
     */
    private static final String FAULTY = "NVIDIA CUDA";

    /** Looked for when first asked for. */
    private static final class Holder {
        static final ClHost HOST = of(
                SystemLibrary.ofProcess(
                        "gamut.opencl", "GAMUT_OPENCL", List.of("libOpenCL.so.1", "libOpenCL.so", "OpenCL")),
                SystemLibrary.ofProcess(
                        "gamut.clblast", "GAMUT_CLBLAST", List.of("libclblast.so.1", "libclblast.so", "clblast")));
    }

    static ClHost get() {
        return Holder.HOST;
    }

    static ClHost of(SystemLibrary openCl, SystemLibrary clBlast) {
        ClLibrary library;
        try {
            library = openCl.open(ClLibrary::new);
        } catch (LoadFailure e) {
            return without("no OpenCL: " + e.getMessage());
        }
        List<String> broken = new ArrayList<>();
        List<ClPlace> places = places(library, openCl.ordered().isPresent(), broken);
        if (!places.isEmpty()) {
            return with(places, library, List.copyOf(broken), clBlast);
        }
        String failure = broken.isEmpty()
                ? "OpenCL has no device: no driver is installed for it"
                : "OpenCL cannot be used: " + String.join("; ", broken);
        return new ClHost(places, library, failure, List.of(), null, "unused");
    }

    private static ClHost without(String failure) {
        return new ClHost(List.of(), null, failure, List.of(), null, "unused");
    }

    private static ClHost with(List<ClPlace> places, ClLibrary library, List<String> broken, SystemLibrary clBlast) {
        try {
            return new ClHost(places, library, null, broken, clBlast.open(ClBlast::new), null);
        } catch (LoadFailure e) {
            return new ClHost(places, library, null, broken, null, "no CLBlast: " + e.getMessage());
        }
    }

    /** What fails of one driver or device is no reason to do without the others. */
    private static List<ClPlace> places(ClLibrary library, boolean named, List<String> broken) {
        List<ClPlace> places = new ArrayList<>();
        for (long platform : each(library::platforms, broken)) {
            for (long device : each(() -> devices(library, platform, named), broken)) {
                places.addAll(each(() -> place(library, places.size(), platform, device), broken));
            }
        }
        return List.copyOf(places);
    }

    /** Of a platform that is left out nothing but its name is asked. */
    private static List<Long> devices(ClLibrary library, long platform, boolean named) {
        if (!named
                && library.platformText(platform, opencl_h.CL_PLATFORM_NAME()).equals(FAULTY)) {
            throw new GamutException(
                    "the driver of platform " + FAULTY + " has ended a JVM by a fault in native memory:"
                            + " CUDA reaches its cards, and where gamut.opencl or GAMUT_OPENCL names the file of OpenCL it is used"
                            + " nevertheless");
        }
        return library.devices(platform);
    }

    private static <T> List<T> each(Supplier<List<T>> asked, List<String> broken) {
        try {
            return asked.get();
        } catch (RuntimeException e) { // a driver's own failure is no reason for an exception here
            broken.add(e.getMessage());
            return List.of();
        }
    }

    /** A device, or none where it is not usable. */
    private static List<ClPlace> place(ClLibrary library, int number, long platform, long device) {
        boolean usable = library.deviceNumber(device, opencl_h.CL_DEVICE_AVAILABLE()) != 0
                && library.deviceNumber(device, opencl_h.CL_DEVICE_COMPILER_AVAILABLE()) != 0
                && library.deviceNumber(device, opencl_h.CL_DEVICE_ENDIAN_LITTLE()) != 0;
        return usable ? List.of(ClPlace.of(library, NAME + ":" + number, platform, device)) : List.of();
    }

    /** What was found, for people. */
    String describe() {
        return "OpenCL, from " + library.origin() + "; "
                + (blas == null ? blasFailure : "CLBlast, from " + blas.origin())
                + (broken.isEmpty() ? "" : "; left out: " + String.join("; ", broken));
    }
}
