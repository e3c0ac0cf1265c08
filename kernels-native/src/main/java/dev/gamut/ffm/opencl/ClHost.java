package dev.gamut.ffm.opencl;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.ffm.opencl.abi.opencl_h;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenCL and CLBlast of this process, looked for once.
 *
 * @param places the devices, none where there is no library or it has none
 * @param library where OpenCL was found, null where it was not
 * @param failure why there are no devices, null where there are
 * @param blas CLBlast, null where it was not found
 * @param blasFailure why not, null where it was
 */
record ClHost(List<ClPlace> places, ClLibrary library, String failure, ClBlast blas, String blasFailure) {
    /** Name of the provider, with which names of devices begin. */
    static final String NAME = "opencl";

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
        try {
            List<ClPlace> places = places(library);
            return places.isEmpty()
                    ? new ClHost(places, library, "OpenCL has no device: no driver is installed for it", null, "unused")
                    : with(places, library, clBlast);
        } catch (RuntimeException e) { // a driver's own failure is no reason for an exception here
            return new ClHost(List.of(), library, "OpenCL cannot be used: " + e.getMessage(), null, "unused");
        }
    }

    private static ClHost without(String failure) {
        return new ClHost(List.of(), null, failure, null, "unused");
    }

    private static ClHost with(List<ClPlace> places, ClLibrary library, SystemLibrary clBlast) {
        try {
            return new ClHost(places, library, null, clBlast.open(ClBlast::new), null);
        } catch (LoadFailure e) {
            return new ClHost(places, library, null, null, "no CLBlast: " + e.getMessage());
        }
    }

    private static List<ClPlace> places(ClLibrary library) {
        List<ClPlace> places = new ArrayList<>();
        for (long platform : library.platforms()) {
            for (long device : library.devices(platform)) {
                boolean usable = library.deviceNumber(device, opencl_h.CL_DEVICE_AVAILABLE()) != 0
                        && library.deviceNumber(device, opencl_h.CL_DEVICE_COMPILER_AVAILABLE()) != 0
                        && library.deviceNumber(device, opencl_h.CL_DEVICE_ENDIAN_LITTLE()) != 0;
                if (usable) {
                    places.add(ClPlace.of(library, NAME + ":" + places.size(), platform, device));
                }
            }
        }
        return List.copyOf(places);
    }

    /** What was found, for people. */
    String describe() {
        return "OpenCL, from " + library.origin() + "; "
                + (blas == null ? blasFailure : "CLBlast, from " + blas.origin());
    }
}
