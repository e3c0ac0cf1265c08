package dev.gamut.ffm.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The functions of one MPI library, as Java methods. Thread-safe as far as the library was initialised so.
 *
 * <p>Handles and counts are passed as 64 bits whatever their type is: parameters have 64 bits of a register, or of the stack, of which a
 * function that takes an int reads the lower half (System V ABI for x86-64, AAPCS64), and negative ones are extended by their sign. So
 * all libraries share one method handle for each list of parameters, a constant that the JIT sees through.
 */
final class MpiLibrary {
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle P_P_P = handle(ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle P_L_P = handle(ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle L_P = handle(JAVA_LONG, ADDRESS);
    private static final MethodHandle MESSAGE =
            handle(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle BROADCAST = handle(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle COMBINE =
            handle(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle COMBINE_TO_ROOT =
            handle(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle MOVE =
            handle(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle MOVE_BY_ROOT =
            handle(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);

    private final SharedLibrary library;
    private final Abi abi;
    private final String version;
    private final boolean large;
    private final Map<Call, MemorySegment> functions = new EnumMap<>(Call.class);
    private final Map<Handle, Long> handles = new EnumMap<>(Handle.class);

    private MpiLibrary(SharedLibrary library) throws LoadFailure {
        this.library = library;
        library.find("MPI_Init_thread"); // or it is no MPI at all
        this.abi = hasStandardAbi() ? Abi.STANDARD : Abi.ofOwn(library);
        this.large = library.symbols().find(Call.SEND.function(true)).isPresent();
        for (Call call : Call.values()) {
            functions.put(call, library.find(call.function(large)));
        }
        for (Handle handle : Handle.values()) {
            handles.put(handle, handle.value(abi, library));
        }
        this.version = text("MPI_Get_library_version", Abi.LONGEST_VERSION)
                .replace('\t', ' ')
                .split(",")[0]; // Open MPI goes on with who built it
    }

    private static MethodHandle handle(MemoryLayout... parameters) {
        return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /**
     * Binds a library.
     *
     * @throws LoadFailure where it is no MPI
     */
    static MpiLibrary of(SharedLibrary library) throws LoadFailure {
        return new MpiLibrary(library);
    }

    private boolean hasStandardAbi() {
        if (!has("MPI_Abi_get_version")) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(JAVA_INT);
            return status("MPI_Abi_get_version", major, arena.allocate(JAVA_INT)) == 0 && major.get(JAVA_INT, 0) > 0;
        }
    }

    Abi abi() {
        return abi;
    }

    /** Name and version of the library. */
    String version() {
        return version;
    }

    /** Version, where it was found, and which interface it has. */
    String describe() {
        return version + ", from " + library.origin() + ", " + abi.title;
    }

    /** The largest count that calls take. */
    long mostCount() {
        return large ? Long.MAX_VALUE : Integer.MAX_VALUE;
    }

    long value(Handle handle) {
        return handles.get(handle);
    }

    boolean has(String function) {
        return library.symbols().find(function).isPresent();
    }

    /** A handle that the library has written. */
    long readHandle(MemorySegment at) {
        return abi.handleBytes == Integer.BYTES ? at.get(JAVA_INT, 0) : at.get(JAVA_LONG, 0);
    }

    /** Writes a handle for the library to read. */
    void writeHandle(MemorySegment at, long handle) {
        if (abi.handleBytes == Integer.BYTES) {
            at.set(JAVA_INT, 0, (int) handle);
        } else {
            at.set(JAVA_LONG, 0, handle);
        }
    }

    /**
     * Calls a function whose time does not matter.
     *
     * @param function its name
     * @param arguments memory segments, longs for handles, ints
     */
    void call(String function, Object... arguments) {
        check(status(function, arguments), function);
    }

    private int status(String function, Object... arguments) {
        MemorySegment address = library.symbols()
                .find(function)
                .orElseThrow(() -> new NativeCallException(function, -1, "not exported by " + library.origin()));
        try {
            return (int) handle(Stream.of(arguments).map(MpiLibrary::layout).toArray(MemoryLayout[]::new))
                    .bindTo(address)
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case MemorySegment _ -> ADDRESS;
            case Long _ -> JAVA_LONG;
            case Integer _ -> JAVA_INT;
            default -> throw new AssertionError(argument.getClass());
        };
    }

    /** An int that a function answers through its last parameter. */
    int number(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            call(
                    function,
                    Stream.concat(Stream.of(arguments), Stream.of(number)).toArray());
            return number.get(JAVA_INT, 0);
        }
    }

    /** A handle that a function answers through its last parameter. */
    long handle(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(JAVA_LONG);
            call(function, Stream.concat(Stream.of(arguments), Stream.of(made)).toArray());
            return readHandle(made);
        }
    }

    /** The first line of a text that a function writes. */
    String text(String function, int longest, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(longest + 1L);
            MemorySegment length = arena.allocate(JAVA_INT);
            call(
                    function,
                    Stream.concat(Stream.of(arguments), Stream.of(text, length)).toArray());
            return text.getString(0).lines().findFirst().orElse("").strip();
        }
    }

    /** Makes an error of a call an exception. */
    void check(int code, Call call) {
        if (code != 0) {
            check(code, call.function(large));
        }
    }

    private void check(int code, String function) {
        if (code != 0) {
            throw new NativeCallException(function, code, name(code));
        }
    }

    /** The class of an error, and what the library says of it. */
    private String name(int code) {
        return errorClass(code)
                .map(number -> named(ErrorClass.name(number, abi), explanation(code)))
                .orElse("an error without a class");
    }

    /** Open MPI's explanation begins with the name. */
    private static String named(String name, String explanation) {
        return explanation.startsWith(name) ? explanation : name + ": " + explanation;
    }

    private String explanation(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(Abi.LONGEST_NAME + 1L);
            return status("MPI_Error_string", code, text, arena.allocate(JAVA_INT)) == 0
                    ? text.getString(0).lines().findFirst().orElse("").replace(", error stack:", "")
                    : "no text";
        }
    }

    /** Whether a code stands for an error of a class. */
    boolean is(int code, ErrorClass of) {
        return errorClass(code).filter(number -> of.is(number, abi)).isPresent();
    }

    private Optional<Integer> errorClass(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            return status("MPI_Error_class", code, number) == 0
                    ? Optional.of(number.get(JAVA_INT, 0))
                    : Optional.empty();
        }
    }

    /** MPI_Test; the error's code, 0 for none. */
    int test(MemorySegment request, MemorySegment flag, MemorySegment status) {
        try {
            return (int) P_P_P.invokeExact(functions.get(Call.TEST), request, flag, status);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Bytes that a received message had. */
    long bytes(MemorySegment status, MemorySegment count) {
        try {
            int code = (int) P_L_P.invokeExact(functions.get(Call.GET_COUNT), status, value(Handle.BYTE), count);
            check(code, Call.GET_COUNT);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return large ? count.get(JAVA_LONG, 0) : count.get(JAVA_INT, 0);
    }

    void barrier(long comm, MemorySegment request) {
        try {
            check((int) L_P.invokeExact(functions.get(Call.BARRIER), comm, request), Call.BARRIER);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** MPI_Isend or MPI_Irecv of bytes. */
    void message(Call call, MemorySegment memory, int peer, int tag, long comm, MemorySegment request) {
        try {
            int code = (int) MESSAGE.invokeExact(
                    functions.get(call), memory, memory.byteSize(), value(Handle.BYTE), peer, tag, comm, request);
            check(code, call);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void broadcast(MemorySegment memory, int root, long comm, MemorySegment request) {
        try {
            int code = (int) BROADCAST.invokeExact(
                    functions.get(Call.BROADCAST), memory, memory.byteSize(), value(Handle.BYTE), root, comm, request);
            check(code, Call.BROADCAST);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A combination of numbers whose result several ranks get. */
    void combine(
            Call call,
            MemorySegment from,
            MemorySegment to,
            long count,
            long type,
            long op,
            long comm,
            MemorySegment request) {
        try {
            int code = (int) COMBINE.invokeExact(functions.get(call), from, to, count, type, op, comm, request);
            check(code, call);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A combination of numbers whose result the root gets. */
    void combineToRoot(
            MemorySegment from,
            MemorySegment to,
            long count,
            long type,
            long op,
            int root,
            long comm,
            MemorySegment request) {
        try {
            int code = (int) COMBINE_TO_ROOT.invokeExact(
                    functions.get(Call.REDUCE), from, to, count, type, op, root, comm, request);
            check(code, Call.REDUCE);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Parts of equal size exchanged among all ranks. */
    void move(Call call, MemorySegment from, MemorySegment to, long bytes, long comm, MemorySegment request) {
        long type = value(Handle.BYTE);
        try {
            int code = (int) MOVE.invokeExact(functions.get(call), from, bytes, type, to, bytes, type, comm, request);
            check(code, call);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Parts of equal size between the root and all ranks. */
    void moveByRoot(
            Call call, MemorySegment from, MemorySegment to, long bytes, int root, long comm, MemorySegment request) {
        long type = value(Handle.BYTE);
        try {
            int code = (int) MOVE_BY_ROOT.invokeExact(
                    functions.get(call), from, bytes, type, to, bytes, type, root, comm, request);
            check(code, call);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException r -> r;
            case Error error -> throw error;
            default -> throw new AssertionError("a call of C throws no checked exception", e);
        };
    }
}
