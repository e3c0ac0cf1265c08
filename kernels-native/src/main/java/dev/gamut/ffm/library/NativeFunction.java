package dev.gamut.ffm.library;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/** A function of a library that is called seldom: arguments and result are objects. Thread-safe. */
public final class NativeFunction {
    private final MethodHandle handle;

    private NativeFunction(MethodHandle handle) {
        this.handle = handle;
    }

    /**
     * Binds a function that returns something.
     *
     * @param library it is exported by
     * @param name its name
     * @param result what it returns
     * @param parameters what it takes
     * @throws LoadFailure where the library lacks it
     */
    public static NativeFunction of(SharedLibrary library, String name, MemoryLayout result, MemoryLayout... parameters)
            throws LoadFailure {
        return of(library, name, FunctionDescriptor.of(result, parameters));
    }

    /**
     * Binds a function that returns nothing.
     *
     * @param library it is exported by
     * @param name its name
     * @param parameters what it takes
     * @throws LoadFailure where the library lacks it
     */
    public static NativeFunction ofVoid(SharedLibrary library, String name, MemoryLayout... parameters)
            throws LoadFailure {
        return of(library, name, FunctionDescriptor.ofVoid(parameters));
    }

    private static NativeFunction of(SharedLibrary library, String name, FunctionDescriptor type) throws LoadFailure {
        int parameters = type.argumentLayouts().size();
        return new NativeFunction(
                Linker.nativeLinker().downcallHandle(library.find(name), type).asSpreader(Object[].class, parameters));
    }

    /**
     * Calls it.
     *
     * @param arguments of the types that it was bound with
     * @return its result, null where it has none
     */
    public Object call(Object... arguments) {
        try {
            return handle.invoke(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a downcall throws nothing else
        }
    }
}
