package dev.gamut.ffm.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.hw.Capabilities;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library is taken, and why others are not: each is a reason and no exception. */
class ClHostTest {
    private static final SystemLibrary NONE = new SystemLibrary(Optional.of("none"), List.of());

    /** Where an ELF file names its machine. */
    private static final int MACHINE = 18;

    private static final int ARM_64 = 0xB7;
    private static final int X86_64 = 0x3E;

    private static final String NVIDIA_LEFT_OUT =
            "the driver of platform NVIDIA CUDA has ended a JVM by a fault in native memory: CUDA reaches its cards, and where"
                    + " gamut.opencl or GAMUT_OPENCL names the file of OpenCL it is used nevertheless";

    @TempDir
    Path folder;

    private static SystemLibrary named(Object file) {
        return new SystemLibrary(Optional.of(file.toString()), List.of());
    }

    private static String reason(SystemLibrary openCl) {
        ClHost host = ClHost.of(openCl, NONE);
        OpenClProvider provider = new OpenClProvider(() -> host);
        assertEquals(List.of(), provider.devices());
        assertEquals(Optional.ofNullable(host.failure()), provider.unavailable(Capabilities.host()));
        return provider.unavailable(Capabilities.host()).orElseThrow();
    }

    /** A library of C, compiled for this test. */
    private Path compiled(String name, String source) throws Exception {
        Path c = Files.writeString(folder.resolve(name + ".c"), source);
        Path library = folder.resolve("lib" + name + ".so");
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), c.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (java.io.IOException e) {
            assumeTrue(false, "cannot run here: no C compiler");
            throw e;
        }
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, compiler.waitFor(), said);
        return library;
    }

    @Test
    void noneIsNone() {
        assertEquals("no OpenCL: switched off", reason(NONE));
        ClHost host = ClHost.of(NONE, NONE);
        assertEquals(Optional.empty(), new OpenClProvider(() -> host).library());
    }

    @Test
    void whatIsNotThereIsListed() {
        assertEquals(
                "no OpenCL: looked for libabsent.so.1, /absent/libOpenCL.so",
                reason(new SystemLibrary(Optional.empty(), List.of("libabsent.so.1", "/absent/libOpenCL.so"))));
    }

    @Test
    void aLibraryForAnotherProcessorSaysSo() throws Exception {
        Path library = compiled("other", "int nothing;");
        byte[] bytes = Files.readAllBytes(library);
        bytes[MACHINE] = (byte) (bytes[MACHINE] == X86_64 ? ARM_64 : X86_64);
        Files.write(library, bytes);
        String reason = reason(named(library));
        assertTrue(reason.startsWith("no OpenCL: the library asked for cannot be loaded: " + library), reason);
        assertTrue(reason.contains("aarch64") || reason.contains("x86_64"), reason);
    }

    @Test
    void aMissingFunctionIsNamed() throws Exception {
        Path library = compiled("half", "int clGetPlatformIDs(unsigned n, void *p, unsigned *c) { return 0; }");
        assertEquals("no OpenCL: " + library + " has no function clGetPlatformInfo", reason(named(library)));
    }

    @Test
    void aLoaderWithoutDriversHasNoDevice() throws Exception {
        String failing = "int clGetPlatformIDs(unsigned n, void *p, unsigned *c) { return -1001; }\n";
        Path library = compiled("empty", failing + others());
        assertEquals("OpenCL has no device: no driver is installed for it", reason(named(library)));
    }

    @Test
    void aDriverThatFailsIsAReason() throws Exception {
        String one =
                "int clGetPlatformIDs(unsigned n, void **p, unsigned *c) { if (p) *p = &one; if (c) *c = 1; return 0; }\n";
        Path library = compiled("broken", "static int one;\n" + one + others());
        assertEquals("OpenCL cannot be used: clGetDeviceIDs returned CL_OUT_OF_RESOURCES (-5)", reason(named(library)));
    }

    @Test
    void aLoaderThatFailsIsAReason() throws Exception {
        String failing = "int clGetPlatformIDs(unsigned n, void *p, unsigned *c) { return -6; }\n";
        Path library = compiled("failing", failing + others());
        assertEquals(
                "OpenCL cannot be used: clGetPlatformIDs returned CL_OUT_OF_HOST_MEMORY (-6)", reason(named(library)));
    }

    /** One driver fails, and of two devices of the other one. */
    @Test
    void whatFailsIsLeftOut() throws Exception {
        String some = """
                #include <string.h>
                typedef unsigned long size;
                static int drivers[2], devices[2];
                static int two(int *all, void **to, unsigned *count) {
                  if (to) to[0] = &all[0], to[1] = &all[1];
                  if (count) *count = 2;
                  return 0;
                }
                static int info(size n, void *to, size *needed) {
                  if (needed) *needed = 2;
                  if (to) *(char *)memset(to, 0, n) = n == 8 ? 1 : 'x';
                  return 0;
                }
                int clGetPlatformIDs(unsigned n, void **to, unsigned *count) { return two(drivers, to, count); }
                int clGetPlatformInfo(void *p, unsigned what, size n, void *to, size *needed) { return info(n, to, needed); }
                int clGetDeviceIDs(void *p, size type, unsigned n, void **to, unsigned *count) {
                  return p == &drivers[0] ? -6 : two(devices, to, count);
                }
                int clGetDeviceInfo(void *d, unsigned what, size n, void *to, size *needed) {
                  return d == &devices[0] ? -2 : info(n, to, needed);
                }
                """;
        String rest = others("clGetPlatformInfo", "clGetDeviceIDs", "clGetDeviceInfo");
        ClHost host = ClHost.of(named(compiled("some", some + rest)), NONE);
        assertEquals(null, host.failure());
        assertEquals(
                List.of("opencl:0"),
                host.places().stream().map(place -> place.info().name()).toList());
        String described = host.describe();
        assertTrue(
                described.endsWith("; left out: clGetDeviceIDs returned CL_OUT_OF_HOST_MEMORY (-6);"
                        + " clGetDeviceInfo returned CL_DEVICE_NOT_AVAILABLE (-2)"),
                described);
    }

    /**
     * Platforms of these names with two devices each, which have the platform's name; how often a function was called with the first platform
     * or one of its devices for anything but its name is {@code gamut_touched}.
     */
    private Path platforms(String file, String... names) throws Exception {
        String source = """
                #include <string.h>
                typedef unsigned long size;
                enum { PLATFORM_NAME = 0x902, DEVICE_NAME = 0x102B };
                static const char *names[] = {%s};
                enum { COUNT = sizeof names / sizeof *names };
                static int drivers[COUNT], devices[COUNT][2];
                int gamut_touched;
                static int text(const char *text, size n, void *to, size *needed) {
                  if (needed) *needed = strlen(text) + 1;
                  if (to) strncpy(to, text, n);
                  return 0;
                }
                int clGetPlatformIDs(unsigned n, void **to, unsigned *count) {
                  for (int i = 0; to && i < COUNT; i++) to[i] = &drivers[i];
                  if (count) *count = COUNT;
                  return 0;
                }
                int clGetPlatformInfo(int *p, unsigned what, size n, void *to, size *needed) {
                  gamut_touched += p == drivers && what != PLATFORM_NAME;
                  return text(names[p - drivers], n, to, needed);
                }
                int clGetDeviceIDs(int *p, size type, unsigned n, void **to, unsigned *count) {
                  gamut_touched += p == drivers;
                  for (int i = 0; to && i < 2; i++) to[i] = &devices[p - drivers][i];
                  if (count) *count = 2;
                  return 0;
                }
                int clGetDeviceInfo(int *d, unsigned what, size n, void *to, size *needed) {
                  size platform = (d - devices[0]) / 2;
                  gamut_touched += platform == 0;
                  return text(what == DEVICE_NAME ? names[platform] : "x", n, to, needed);
                }
                """.formatted("\"" + String.join("\", \"", names) + "\"");
        return compiled(file, source + others("clGetPlatformInfo", "clGetDeviceIDs", "clGetDeviceInfo"));
    }

    private static SystemLibrary found(Path file) {
        return new SystemLibrary(Optional.empty(), List.of(file.toString()));
    }

    /** The devices' names and what their library calls them. */
    private static List<String> devices(ClHost host) {
        return host.places().stream()
                .map(place -> place.info().name() + " " + place.info().title())
                .toList();
    }

    private static int touched(Path library) {
        return SymbolLookup.libraryLookup(library, Arena.global())
                .find("gamut_touched")
                .orElseThrow()
                .reinterpret(Integer.BYTES)
                .get(ValueLayout.JAVA_INT, 0);
    }

    @Test
    void nvidiasPlatformIsLeftOut() throws Exception {
        Path library = platforms("two", "NVIDIA CUDA", "Other");
        ClHost host = ClHost.of(found(library), NONE);
        assertEquals(null, host.failure());
        assertEquals(List.of("opencl:0 Other", "opencl:1 Other"), devices(host));
        assertEquals(List.of(NVIDIA_LEFT_OUT), host.broken());
        String described = new OpenClProvider(() -> host).library().orElseThrow();
        assertTrue(described.endsWith("; left out: " + NVIDIA_LEFT_OUT), described);
        assertEquals(0, touched(library));
    }

    @Test
    void nvidiasPlatformAloneIsAReason() throws Exception {
        Path library = platforms("one", "NVIDIA CUDA");
        assertEquals("OpenCL cannot be used: " + NVIDIA_LEFT_OUT, reason(found(library)));
        assertEquals(0, touched(library));
    }

    @Test
    void nvidiasPlatformIsThereWhereTheLibraryIsNamed() throws Exception {
        Path library = platforms("named", "NVIDIA CUDA", "Other");
        ClHost host = ClHost.of(named(library), NONE);
        assertEquals(
                List.of("opencl:0 NVIDIA CUDA", "opencl:1 NVIDIA CUDA", "opencl:2 Other", "opencl:3 Other"),
                devices(host));
        assertEquals(List.of(), host.broken());
        assertTrue(touched(library) > 0);
    }

    /** All functions that are bound but the search for drivers and some more, each of which answers that there are no resources. */
    private static String others(String... but) throws Exception {
        String bound = "--include-typedef cl_api_";
        Set<String> own = new HashSet<>(Arrays.asList(but));
        own.add("clGetPlatformIDs");
        StringBuilder source = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("src/main/jextract/opencl.args"))) {
            if (line.startsWith(bound) && !own.contains(line.substring(bound.length()))) {
                source.append("int ").append(line.substring(bound.length())).append("(void) { return -5; }\n");
            }
        }
        return source.toString();
    }

    @Test
    void withoutClBlastItsKernelsAloneDecline() {
        assumeTrue(
                ClHost.get().failure() == null,
                () -> "cannot run here: " + ClHost.get().failure());
        ClHost host = ClHost.of(
                SystemLibrary.ofProcess("gamut.opencl", "GAMUT_OPENCL", List.of("libOpenCL.so.1", "libOpenCL.so")),
                named("/absent/libclblast.so"));
        OpenClProvider provider = new OpenClProvider(() -> host);
        assertEquals(Optional.empty(), provider.unavailable(Capabilities.host()));
        provider.kernels()
                .forEach(kernel -> assertEquals(
                        kernel.info().id().impl().startsWith("clblast"),
                        kernel.unavailable(Capabilities.host()).isPresent(),
                        kernel.toString()));
        String library = provider.library().orElseThrow();
        assertTrue(library.contains("no CLBlast: the library asked for is /absent/libclblast.so"), library);
    }

    @Test
    void statusCodesHaveTheirNames() {
        assertEquals("CL_OUT_OF_RESOURCES", ClStatus.name(-5));
        assertEquals("CLBlastNoHalfPrecision", ClStatus.name(-2045));
        assertEquals("an unknown status", ClStatus.name(-99_999));
    }
}
