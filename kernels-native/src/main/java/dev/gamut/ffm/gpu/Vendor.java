package dev.gamut.ffm.gpu;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I8;

import dev.gamut.dtype.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose library reaches a device: all in which the two differ but the numbers of {@link Constant}. */
enum Vendor {
    /** Products in F64 too; capabilities are those of NVIDIA's architectures: halves from 5.3 on, I8 from Turing, BF16 from Ampere. */
    CUDA(
            new Library("CUDA", "cuda", "cudart", List.of("13", "12", "11.0")),
            new Library("cuBLASLt", "cublasLt", "cublasLt", List.of("13", "12", "11")),
            new Library("NCCL", "nccl", "nccl", List.of("2")),
            Home.of("CUDA_HOME", "/usr/local/cuda", "lib64"),
            new Oldest(11_000, 1000, 10),
            Map.of(F64, 0, F32, 0, F16, 53, I8, 75, BF16, 80),
            List.of(F64, F32, F16, BF16, I8)),
    /**
     * hipBLASLt has no products in F64. Matrix units before CDNA 3 (gfx942, which is 9.4 here) flush subnormal numbers of 16 bits, as
     * PyTorch's notes on numerical accuracy say of MI200: there neither F16 nor BF16 keeps its bound.
     */
    ROCM(
            new Library("ROCm", "hip", "amdhip64", List.of("7", "6")),
            new Library("hipBLASLt", "hipblasLt", "hipblaslt", List.of("1", "0")),
            new Library("RCCL", "nccl", "rccl", List.of("1")),
            Home.of("ROCM_PATH", "/opt/rocm", "lib"),
            new Oldest(60_000_000, 10_000_000, 100_000),
            Map.of(F64, 0, F32, 0, F16, 94, BF16, 94, I8, 90),
            List.of(F32, F16, BF16, I8));

    /**
     * One of a vendor's libraries.
     *
     * @param title for people
     * @param prefix of its functions
     * @param file between {@code lib} and {@code .so}
     * @param versions of its file, the newest first
     */
    private record Library(String title, String prefix, String file, List<String> versions) {}

    /** Folders of an installation. */
    private record Home(List<String> folders) {
        static Home of(String variable, String usual, String libraries) {
            return new Home(Stream.concat(Stream.ofNullable(System.getenv(variable)), Stream.of(usual))
                    .map(folder -> folder + "/" + libraries + "/")
                    .distinct()
                    .toList());
        }
    }

    /** The oldest runtime whose functions have the parameters that are passed, and how a number says a major and a minor version. */
    private record Oldest(int version, int major, int minor) {}

    /** {@code cudaDataType} and {@code hipDataType} count alike. */
    private static final Map<DType, Integer> NUMBERS = Map.of(F32, 0, F64, 1, F16, 2, I8, 3, I32, 10, BF16, 14);

    private final Library runtime;
    private final Library blas;
    private final Library ranks;
    private final Home home;
    private final Oldest oldest;
    /** Ten times the major capability and the minor one that a type needs. */
    private final Map<DType, Integer> capabilities;

    private final List<DType> operands;

    Vendor(
            Library runtime,
            Library blas,
            Library ranks,
            Home home,
            Oldest oldest,
            Map<DType, Integer> capabilities,
            List<DType> operands) {
        this.runtime = runtime;
        this.blas = blas;
        this.ranks = ranks;
        this.home = home;
        this.oldest = oldest;
        this.capabilities = capabilities;
        this.operands = operands;
    }

    /** For people. */
    String title() {
        return runtime.title;
    }

    private Library library(Call.Role role) {
        return switch (role) {
            case RUNTIME -> runtime;
            case PRODUCTS -> blas;
            case RANKS -> ranks;
        };
    }

    /** The library for products, for people. */
    String blasTitle() {
        return blas.title;
    }

    /** One of its libraries, for people. */
    String title(Call.Role role) {
        return library(role).title;
    }

    /** Name of the provider, and of the property by which a user names the runtime's file. */
    String id() {
        return id(Call.Role.RUNTIME);
    }

    /** How kernels by the library for products are called. */
    String blasId() {
        return id(Call.Role.PRODUCTS);
    }

    /** The property by which a user names a library's file. */
    String id(Call.Role role) {
        return title(role).toLowerCase(Locale.ROOT);
    }

    /** What the loader is asked for. */
    List<String> names(Call.Role role) {
        return names(library(role));
    }

    private List<String> names(Library library) {
        String file = "lib" + library.file + ".so";
        List<String> names = new ArrayList<>();
        library.versions.forEach(version -> names.add(file + "." + version));
        names.add(file);
        home.folders.forEach(folder -> names.add(folder + file));
        return names;
    }

    /** The function that tells what an error of the runtime is called. */
    String errorName() {
        return runtime.prefix + "GetErrorName";
    }

    /** The name of a function. */
    String function(Call call) {
        return library(call.role()).prefix + call.suffix();
    }

    /** Under which a function may be exported, the newest first. */
    List<String> symbols(Call call) {
        if (call != Call.DEVICE_PROPERTIES) {
            return List.of(function(call));
        }
        // Both changed the structure once and kept the old function under the old name: what is read lies alike in the
        // newer ones.
        return this == CUDA ? List.of("cudaGetDeviceProperties_v2", function(call)) : List.of(function(call) + "R0600");
    }

    /** What stands against a version of the runtime. */
    Optional<String> objection(int version) {
        return version >= oldest.version
                ? Optional.empty()
                : Optional.of(
                        "is " + title() + " " + text(version) + "; " + text(oldest.version) + " or newer is needed");
    }

    /** A version as people write it. */
    String text(int version) {
        return version / oldest.major + "." + version % oldest.major / oldest.minor;
    }

    /** Types of operands that the library multiplies. */
    List<DType> operands() {
        return operands;
    }

    /**
     * Types that a device computes in.
     *
     * @param capability ten times its major one, and its minor one
     */
    List<DType> arithmetic(int capability) {
        return capabilities.entrySet().stream()
                .filter(type -> capability >= type.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A type's number. */
    static int number(DType type) {
        return NUMBERS.get(type);
    }
}
