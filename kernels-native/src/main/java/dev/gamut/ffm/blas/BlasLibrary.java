package dev.gamut.ffm.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The functions of one BLAS library, as Java methods. Thread-safe. */
final class BlasLibrary {
    private static final Linker LINKER = Linker.nativeLinker();

    /** What libgamut_blas has and no other BLAS. */
    private static final String OWN = "gamut_abi_version";

    /** By this name glibc knows the programme with all that was loaded with it. */
    private static final String PROGRAMME = "";

    private static final int LONGEST_TEXT = 1024;

    private final SharedLibrary library;
    private final Vendor vendor;
    private final ThreadSetting threads;
    private final Map<Precision, MemorySegment> products = new EnumMap<>(Precision.class);

    private BlasLibrary(SharedLibrary library) throws LoadFailure {
        this.library = library;
        this.vendor = Vendor.of(library);
        for (Precision precision : Precision.values()) {
            products.put(precision, library.find(precision.function));
        }
        this.threads = threads(vendor, library);
    }

    /**
     * Binds a library.
     *
     * @throws LoadFailure where it is no BLAS with an interface for C, or Gamut's own
     */
    static BlasLibrary of(SharedLibrary library) throws LoadFailure {
        if (library.symbols().find(OWN).isPresent()) {
            throw new LoadFailure(library.origin() + " is Gamut's own libgamut_blas, whose kernels are offered anyway");
        }
        if (isPreloaded()) {
            throw new LoadFailure("Gamut's own libgamut_blas is preloaded and answers for whatever else is opened");
        }
        return new BlasLibrary(library);
    }

    private static boolean isPreloaded() {
        try {
            return SymbolLookup.libraryLookup(PROGRAMME, Arena.global())
                    .find(OWN)
                    .isPresent();
        } catch (IllegalArgumentException e) { // another C library knows no such name, and has no alternatives either
            return false;
        }
    }

    private static ThreadSetting threads(Vendor vendor, SharedLibrary library) throws LoadFailure {
        if (vendor.functions.setThreads() == null) {
            return ThreadSetting.NONE;
        }
        ThreadSetting.Setter setter = new ThreadSetting.Setter(library.find(vendor.functions.setThreads()));
        chooseRuntime(library);
        return vendor.threadsOfThread ? new ThreadSetting.OfThread(setter) : new ThreadSetting.OfProcess(setter);
    }

    /**
     * oneMKL, which alone has a function for that, ends the process where it does not find the runtime of OpenMP that its threads need, by
     * default Intel's. So it is told which one there is, unless the user has told it; where there is none it computes on the calling thread
     * alone.
     */
    private static void chooseRuntime(SharedLibrary library) {
        Optional<MemorySegment> choose = library.symbols().find("MKL_Set_Threading_Layer");
        if (choose.isEmpty() || System.getenv("MKL_THREADING_LAYER") != null) {
            return;
        }
        Map<String, Integer> runtimes = new LinkedHashMap<>(); // numbers of mkl_service.h
        runtimes.put("libiomp5.so", 0);
        runtimes.put("libgomp.so.1", 3);
        int alone = 1;
        int layer = runtimes.entrySet().stream()
                .filter(runtime -> opens(runtime.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(alone);
        new ThreadSetting.Setter(choose.get()).set(layer);
    }

    private static boolean opens(String name) {
        try {
            SymbolLookup.libraryLookup(name, Arena.global());
            return true;
        } catch (IllegalArgumentException e) { // how the JDK says that dlopen failed
            return false;
        }
    }

    Vendor vendor() {
        return vendor;
    }

    /** Whether it keeps to the number of threads that it is given. */
    boolean countsThreads() {
        return threads != ThreadSetting.NONE;
    }

    /** Name, version, where it was found, and threads that it would use by itself. */
    String describe() {
        return version() + ", from " + library.origin()
                + ownThreads()
                        .map(n -> ", " + n + (n == 1 ? " thread" : " threads"))
                        .orElse("");
    }

    private String version() {
        Optional<MemorySegment> mark = function(vendor.functions.mark());
        return switch (vendor.version) {
            case RETURNED -> returned(mark.orElseThrow());
            case NUMBER_RETURNED -> vendor.title + " " + returned(mark.orElseThrow());
            case FILLED -> filled(mark.orElseThrow());
            case NONE -> vendor.title;
        };
    }

    private static String returned(MemorySegment function) {
        MethodHandle handle = LINKER.downcallHandle(function, FunctionDescriptor.of(ADDRESS));
        MemorySegment text = call(() -> (MemorySegment) handle.invokeExact());
        return text.reinterpret(LONGEST_TEXT).getString(0).strip();
    }

    private static String filled(MemorySegment function) {
        MethodHandle handle = LINKER.downcallHandle(function, FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST_TEXT + 1L);
            return call(() -> {
                handle.invokeExact(text, LONGEST_TEXT);
                return text.getString(0).strip();
            });
        }
    }

    private Optional<Integer> ownThreads() {
        return function(vendor.functions.getThreads())
                .map(address -> LINKER.downcallHandle(address, FunctionDescriptor.of(JAVA_INT)))
                .map(handle -> call(() -> (int) handle.invokeExact()))
                .filter(number -> number > 0); // BLIS says -1 where nothing is set
    }

    private Optional<MemorySegment> function(String name) {
        return Optional.ofNullable(name).flatMap(library.symbols()::find);
    }

    /** A downcall whose time does not matter. */
    @FunctionalInterface
    private interface Call<T> {
        T run() throws Throwable;
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a call of C throws no checked exception", e);
        }
    }

    /** C = A·B on so many threads; see {@link Precision#multiply}. */
    void multiply(
            Precision precision,
            Precision.Shape shape,
            int wanted,
            MemorySegment a,
            long firstA,
            MemorySegment b,
            long firstB,
            MemorySegment c,
            long firstC) {
        int before = threads.enter(wanted);
        try {
            precision.multiply(products.get(precision), shape, a, firstA, b, firstB, c, firstC);
        } finally {
            threads.leave(before);
        }
    }
}
