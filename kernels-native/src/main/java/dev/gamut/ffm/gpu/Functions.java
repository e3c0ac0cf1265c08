package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The functions of one library of a vendor. A status that is not 0 becomes an exception with the library's name for it. Thread-safe. */
final class Functions {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final String NAMES = "status.txt";
    private static final long LONGEST_NAME = 256;
    private static final long FIRST_OF_11 = 11_000;

    /** Of the libraries for products by vendor and code, and of those for collectives; the runtimes tell names themselves. */
    private static final Map<String, String> STATUS_NAMES = read();

    private final Vendor vendor;
    private final SharedLibrary library;
    private final Map<Call, MethodHandle> handles = new EnumMap<>(Call.class);
    private final MethodHandle errorName;
    private final Map<String, Long> programs = new HashMap<>();
    private int version;

    private Functions(Vendor vendor, SharedLibrary library, Call.Role role) throws LoadFailure {
        this.vendor = vendor;
        this.library = library;
        for (Call call : Call.values()) {
            boolean spared = call.isOptional()
                    && library.symbols().find(vendor.function(call)).isEmpty();
            if (call.role() == role && !spared) {
                int parameters = call.descriptor().argumentLayouts().size();
                handles.put(
                        call,
                        LINKER.downcallHandle(find(call), call.descriptor()).asSpreader(Object[].class, parameters));
            }
        }
        this.errorName = role != Call.Role.RUNTIME
                ? null
                : LINKER.downcallHandle(library.find(vendor.errorName()), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    /**
     * Binds a runtime.
     *
     * @throws LoadFailure where it lacks a function or is too old
     */
    static Functions runtime(Vendor vendor, SharedLibrary library) throws LoadFailure {
        Functions functions = new Functions(vendor, library, Call.Role.RUNTIME);
        Optional<String> old;
        try {
            functions.version = functions.number(Call.RUNTIME_VERSION);
            old = vendor.objection(functions.version);
        } catch (NativeCallException e) {
            throw new LoadFailure(library.origin() + ": " + e.getMessage());
        }
        if (old.isPresent()) {
            throw new LoadFailure(library.origin() + " " + old.get());
        }
        return functions;
    }

    /**
     * Binds a library for products.
     *
     * @throws LoadFailure where it lacks a function or is too old
     */
    static Functions blas(Vendor vendor, SharedLibrary library) throws LoadFailure {
        Functions functions = new Functions(vendor, library, Call.Role.PRODUCTS);
        Optional<String> old = functions.blasVersion().filter(version -> version.startsWith("10."));
        if (old.isPresent()) {
            throw new LoadFailure(
                    library.origin() + " is " + vendor.blasTitle() + " " + old.get() + "; 11.0 or newer is needed");
        }
        return functions;
    }

    /**
     * Binds a library for collectives.
     *
     * @throws LoadFailure where it lacks a function or is too old
     */
    static Functions ranks(Vendor vendor, SharedLibrary library) throws LoadFailure {
        Functions functions = new Functions(vendor, library, Call.Role.RANKS);
        try {
            functions.version = functions.number(Call.RANKS_VERSION);
        } catch (NativeCallException e) {
            throw new LoadFailure(library.origin() + ": " + e.getMessage());
        }
        if (functions.version < Ranks.OLDEST) {
            throw new LoadFailure(library.origin() + " is " + functions.ranksTitle() + "; " + Ranks.text(Ranks.OLDEST)
                    + " or newer is needed");
        }
        return functions;
    }

    private static Map<String, String> read() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Functions.class.getResourceAsStream(NAMES), StandardCharsets.US_ASCII))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> words[0] + " " + words[1], words -> words[2]));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + NAMES, e);
        }
    }

    private MemorySegment find(Call call) throws LoadFailure {
        for (String symbol : vendor.symbols(call)) {
            Optional<MemorySegment> found = library.symbols().find(symbol);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return library.find(vendor.symbols(call).getLast()); // whose absence it names
    }

    Vendor vendor() {
        return vendor;
    }

    /** Of the runtime, for people. */
    String version() {
        return vendor.text(version);
    }

    /** Of a library for collectives, with its name. */
    String ranksTitle() {
        return vendor.title(Call.Role.RANKS) + " " + Ranks.text(version);
    }

    /** Whether it has a function that is optional. */
    boolean has(Call call) {
        return handles.containsKey(call);
    }

    /** Where it was found. */
    String origin() {
        return library.origin();
    }

    /**
     * Of cuBLASLt, which answers without a device; hipBLASLt does not. Up to 11 it counted majors in thousands and minors in hundreds, of
     * which there were more than ten, so that only the major is certain.
     */
    Optional<String> blasVersion() {
        Optional<MemorySegment> function = library.symbols().find("cublasLtGetVersion");
        if (function.isEmpty()) {
            return Optional.empty();
        }
        try {
            long version = (long) LINKER.downcallHandle(function.get(), FunctionDescriptor.of(JAVA_LONG))
                    .invokeExact();
            return Optional.of(
                    version >= 100_000
                            ? version / 10_000 + "." + version % 10_000 / 100 + "." + version % 100
                            : (version < FIRST_OF_11 ? "10" : "11") + ".x, " + version);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Calls; arguments as {@link Call} lists them. Answers the status. */
    int status(Call call, Object... arguments) {
        try {
            return (int) handles.get(call).invokeExact(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Calls; throws where the status is not 0. */
    void call(Call call, Object... arguments) {
        int status = status(call, arguments);
        if (status != 0) {
            throw failure(call, status);
        }
    }

    /** What a status is as an exception; the runtime forgets it, so that nobody else of this thread takes it for theirs. */
    NativeCallException failure(Call call, int status) {
        String name;
        if (call.role() != Call.Role.RUNTIME) {
            String whose = call.role() == Call.Role.RANKS ? "nccl" : vendor.id();
            name = STATUS_NAMES.getOrDefault(whose + " " + status, "an unknown status");
        } else {
            name = name(status);
            status(Call.LAST_ERROR);
        }
        return new NativeCallException(vendor.function(call), status, name);
    }

    private String name(int status) {
        try {
            MemorySegment text = (MemorySegment) errorName.invokeExact(status);
            return text.address() == 0
                    ? "an unknown error"
                    : text.reinterpret(LONGEST_NAME).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A number or a handle that a function answers through its first parameter. */
    long create(Call call, Object... others) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(JAVA_LONG); // zeros: narrower numbers leave the rest
            Object[] arguments = new Object[others.length + 1];
            arguments[0] = made;
            System.arraycopy(others, 0, arguments, 1, others.length);
            call(call, arguments);
            return made.get(JAVA_LONG, 0);
        }
    }

    int number(Call call, Object... others) {
        return (int) create(call, others);
    }

    /**
     * A function of PTX, for all devices, kept until the process ends.
     *
     * @param module the PTX
     * @param name of the function
     */
    synchronized long program(String module, String name) {
        Long function = programs.get(name);
        if (function == null) {
            Long library = programs.get(module);
            if (library == null) {
                MemorySegment ptx = Arena.global().allocateFrom(Ptx.text(module).orElseThrow());
                library = create(Call.PROGRAM_LOAD, ptx, 0L, 0L, 0, 0L, 0L, 0);
                programs.put(module, library);
            }
            try (Arena arena = Arena.ofConfined()) {
                function = create(Call.PROGRAM_FUNCTION, library, arena.allocateFrom(name));
            }
            programs.put(name, function);
        }
        return function;
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException r -> r;
            case Error error -> throw error;
            default -> throw new AssertionError("a call of C throws no checked exception", e);
        };
    }
}
