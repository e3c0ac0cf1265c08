package dev.gamut.ffm.blas;

import dev.gamut.ffm.library.SharedLibrary;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The BLAS libraries that are told apart, in the order in which they are looked for. */
enum Vendor {
    /** OpenBLAS. */
    OPENBLAS(
            "OpenBLAS",
            List.of("libopenblas.so.0", System.mapLibraryName("openblas")),
            new Functions("openblas_get_config", "openblas_set_num_threads", "openblas_get_num_threads"),
            Version.RETURNED,
            false),
    /** Intel's oneMKL, by the one library that loads the others. */
    MKL(
            "oneMKL",
            List.of("libmkl_rt.so.2", System.mapLibraryName("mkl_rt")),
            new Functions("MKL_Get_Version_String", "MKL_Set_Num_Threads_Local", "MKL_Get_Max_Threads"),
            Version.FILLED,
            true),
    /** BLIS, AMD's included. */
    BLIS(
            "BLIS",
            List.of("libblis.so.4", System.mapLibraryName("blis")),
            new Functions("bli_info_get_version_str", "bli_thread_set_num_threads", "bli_thread_get_num_threads"),
            Version.NUMBER_RETURNED,
            false),
    /** Apple's, untested. */
    ACCELERATE(
            "Accelerate",
            List.of("/System/Library/Frameworks/Accelerate.framework/Accelerate"),
            new Functions("BLASSetThreading", null, null),
            Version.NONE,
            false),
    /** Any other with the interface for C, such as Netlib's reference or what a distribution's alternatives point at. */
    CBLAS(
            "a BLAS library that tells no name",
            List.of(
                    "libcblas.so.3", System.mapLibraryName("cblas"),
                    "libblas.so.3", System.mapLibraryName("blas")),
            new Functions(null, null, null),
            Version.NONE,
            false);

    /**
     * What a library has beyond the BLAS; null where there is no such thing.
     *
     * @param mark a function that no other library has: the one that tells the version, where there is one
     * @param setThreads sets the number of threads
     * @param getThreads tells it
     */
    record Functions(String mark, String setThreads, String getThreads) {}

    /** How a library's mark tells its version. */
    enum Version {
        /** Name and version, returned. */
        RETURNED,
        /** The version without the name, returned. */
        NUMBER_RETURNED,
        /** Name and version, put into memory that it is given. */
        FILLED,
        /** It tells none. */
        NONE
    }

    /** Its name for people. */
    final String title;

    /** What the loader is asked for: first files that need no package for developers. */
    final List<String> names;

    final Functions functions;

    final Version version;

    /** Whether each calling thread has a number of threads of its own; otherwise the process has one. */
    final boolean threadsOfThread;

    Vendor(String title, List<String> names, Functions functions, Version version, boolean threadsOfThread) {
        this.title = title;
        this.names = names;
        this.functions = functions;
        this.version = version;
        this.threadsOfThread = threadsOfThread;
    }

    /** Whose a library is, whatever it was opened by. */
    static Vendor of(SharedLibrary library) {
        return Stream.of(values())
                .filter(vendor -> vendor.functions.mark != null
                        && library.symbols().find(vendor.functions.mark).isPresent())
                .findFirst()
                .orElse(CBLAS);
    }

    /** Its part of kernel ids. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the loader is asked for where the user names nothing, in this order. */
    static List<String> allNames() {
        return Stream.of(values()).flatMap(vendor -> vendor.names.stream()).toList();
    }
}
