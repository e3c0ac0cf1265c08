package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.cpu.abi.gamut_convert;
import dev.gamut.ffm.cpu.abi.gamut_gemm;
import dev.gamut.ffm.cpu.abi.gamut_h;
import dev.gamut.ffm.cpu.abi.gamut_kernel;
import dev.gamut.ffm.cpu.abi.gamut_reduce;
import dev.gamut.ffm.cpu.abi.gamut_residues;
import dev.gamut.ffm.cpu.abi.gamut_weights;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the generated bindings say of the C library is what the library says of itself, and its numbers mean the same in Java. */
class BindingTest {
    private final CpuLibrary library = NativeLibraryPresent.assume();

    @Test
    void structsAreLaidOutAsInTheLibrary() {
        check((StructLayout) gamut_kernel.layout());
        check((StructLayout) gamut_gemm.layout());
        check((StructLayout) gamut_residues.layout());
        check((StructLayout) gamut_weights.layout());
        check((StructLayout) gamut_reduce.layout());
        check((StructLayout) gamut_convert.layout());
        assertEquals(-1, library.layout("gamut_gemm.nothing"));
    }

    private void check(StructLayout struct) {
        String name = struct.name().orElseThrow();
        assertEquals(struct.byteSize(), library.layout(name), name);
        for (MemoryLayout member : struct.memberLayouts()) {
            member.name()
                    .ifPresent(field -> assertEquals(
                            struct.byteOffset(PathElement.groupElement(field)),
                            library.layout(name + "." + field),
                            field));
        }
    }

    @Test
    void enumeratorsHaveTheOrderOfJava() throws ReflectiveOperationException {
        for (DType type : DType.values()) {
            assertEquals(type.ordinal(), constant("GAMUT_" + type.name()));
        }
        for (Feature feature : Feature.values()) {
            String name = feature == Feature.BF16 ? "ARM_BF16" : feature.name();
            assertEquals(feature.ordinal(), constant("GAMUT_" + name));
        }
        assertEquals(Feature.values().length, gamut_h.GAMUT_FEATURES());
    }

    private static int constant(String name) throws ReflectiveOperationException {
        Method method = gamut_h.class.getMethod(name);
        return (int) method.invoke(null);
    }

    @Test
    void idsAreUnique() {
        Set<Object> ids = new HashSet<>();
        for (CpuLibrary.Entry entry : library.kernels()) {
            assertTrue(ids.add(entry.id()), () -> entry + " stands twice in the table");
        }
    }

    @Test
    void featuresAreFoundAsTheOperatingSystemTellsThem() {
        for (Feature feature : Feature.values()) {
            // GAMUT_ISA may admit less; what the library uses, the system must know of.
            assertTrue(
                    library.refusal(feature).isPresent() || Capabilities.host().has(feature),
                    () -> feature + " is used and not in " + Capabilities.host().features());
        }
    }

    @Test
    void errorsHaveTheirNames() {
        MemorySegment gemm = Arena.ofAuto().allocate(gamut_gemm.layout());
        NativeCallException e = assertThrows(NativeCallException.class, () -> library.workspace(gemm, 1));
        assertEquals("GAMUT_WRONG_SIZE", e.name());
        assertEquals("gamut_gemm_workspace returned GAMUT_WRONG_SIZE (1)", e.getMessage());
        gamut_gemm.size(gemm, gamut_gemm.sizeof());
        gamut_gemm.kernel(gemm, 1_000);
        assertEquals(
                "GAMUT_NO_KERNEL",
                assertThrows(NativeCallException.class, () -> library.workspace(gemm, 1))
                        .name());
    }
}
