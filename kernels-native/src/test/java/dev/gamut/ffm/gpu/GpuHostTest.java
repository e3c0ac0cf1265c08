package dev.gamut.ffm.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.dtype.DType;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.GemmKernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which libraries are taken, and why others are not: each is a reason and no exception. Libraries are compiled for these tests. */
class GpuHostTest {
    private static final SystemLibrary NONE = new SystemLibrary(Optional.of("none"), List.of());
    private static final int UNKNOWN = 999;

    /** Where an ELF file names its machine. */
    private static final int MACHINE = 18;

    private static final int ARM_64 = 0xB7;
    private static final int X86_64 = 0x3E;

    @TempDir
    Path folder;

    private static SystemLibrary named(Object file) {
        return new SystemLibrary(Optional.of(file.toString()), List.of());
    }

    private static GpuProvider provider(Vendor vendor, GpuHost host) {
        return vendor == Vendor.CUDA ? new CudaProvider(() -> host) : new RocmProvider(() -> host);
    }

    private static String reason(Vendor vendor, SystemLibrary runtime) {
        GpuHost host = GpuHost.of(vendor, runtime, NONE);
        GpuProvider provider = provider(vendor, host);
        assertEquals(List.of(), provider.devices());
        assertEquals(Optional.ofNullable(host.failure()), provider.unavailable(Capabilities.host()));
        return host.failure();
    }

    private Path compiled(String name, Object source, String... options) throws Exception {
        Path library = folder.resolve("lib" + name + ".so");
        List<String> command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", library.toString()));
        command.addAll(Arrays.asList(options));
        command.add(source.toString());
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "cannot run here: no C compiler");
            throw e;
        }
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, compiler.waitFor(), said);
        return library;
    }

    private Path simulator(Vendor vendor, String name, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-fvisibility=hidden");
        if (vendor == Vendor.ROCM) {
            all.add("-DGAMUT_SIM_HIP");
        }
        return compiled(name, Path.of("../native-src/sim/gpu/gpu.c"), all.toArray(String[]::new));
    }

    private Path source(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name + ".c"), text);
    }

    @ParameterizedTest
    @EnumSource
    void noneIsNone(Vendor vendor) {
        assertEquals("no " + vendor.title() + ": switched off", reason(vendor, NONE));
        GpuHost host = GpuHost.of(vendor, NONE, NONE);
        assertEquals(Optional.empty(), provider(vendor, host).library());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsListed(Vendor vendor) {
        assertEquals(
                "no " + vendor.title() + ": looked for libabsent.so.1, /absent/lib.so",
                reason(vendor, new SystemLibrary(Optional.empty(), List.of("libabsent.so.1", "/absent/lib.so"))));
    }

    @ParameterizedTest
    @EnumSource
    void aLibraryForAnotherProcessorSaysSo(Vendor vendor) throws Exception {
        Path library = compiled("other", source("other", "int nothing;"));
        byte[] bytes = Files.readAllBytes(library);
        bytes[MACHINE] = (byte) (bytes[MACHINE] == X86_64 ? ARM_64 : X86_64);
        Files.write(library, bytes);
        String reason = reason(vendor, named(library));
        assertTrue(reason.contains("cannot be loaded: " + library), reason);
        assertTrue(reason.contains("aarch64") || reason.contains("x86_64"), reason);
    }

    @ParameterizedTest
    @EnumSource
    void aMissingFunctionIsNamed(Vendor vendor) throws Exception {
        String first = vendor.function(Call.RUNTIME_VERSION);
        Path library = compiled("half", source("half", "int " + first + "(int *to) { return 0; }"));
        assertEquals(
                "no " + vendor.title() + ": " + library + " has no function " + vendor.function(Call.DRIVER_VERSION),
                reason(vendor, named(library)));
    }

    @ParameterizedTest
    @EnumSource
    void anOldVersionSaysSo(Vendor vendor) throws Exception {
        boolean cuda = vendor == Vendor.CUDA;
        Path library = simulator(vendor, "old", "-DGAMUT_SIM_VERSION=" + (cuda ? 10_020 : 50_700_000));
        assertEquals(
                "no " + vendor.title() + ": " + library + " is " + vendor.title() + " "
                        + (cuda ? "10.2; 11.0" : "5.7; 6.0") + " or newer is needed",
                reason(vendor, named(library)));
    }

    @ParameterizedTest
    @EnumSource
    void aMachineWithoutDevicesSaysSo(Vendor vendor) throws Exception {
        assertEquals(
                vendor.title() + " has no device",
                reason(vendor, named(simulator(vendor, "empty", "-DGAMUT_SIM_DEVICES=0"))));
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsLibraryForProductsThereAreDevicesAllTheSame(Vendor vendor) throws Exception {
        Path runtime = simulator(vendor, "whole");
        Path half = compiled("less", source("less", "int nothing;"));
        GpuHost host = GpuHost.of(vendor, named(runtime), named(half));
        GpuProvider provider = provider(vendor, host);
        assertEquals(Optional.empty(), provider.unavailable(Capabilities.host()));
        assertEquals(2, provider.devices().size());
        String reason =
                "no " + vendor.blasTitle() + ": " + half + " has no function " + vendor.function(Call.BLAS_CREATE);
        provider.kernels().stream()
                .filter(GemmKernel.class::isInstance)
                .forEach(kernel -> assertEquals(Optional.of(reason), kernel.unavailable(Capabilities.host())));
        assertTrue(provider.library().orElseThrow().contains(reason));
        provider.open(provider.devices().getFirst()).close();
    }

    @Test
    void anOldLibraryForProductsSaysSo() throws Exception {
        Path library = simulator(Vendor.CUDA, "oldblas", "-DGAMUT_SIM_BLAS_VERSION=10202");
        GpuHost host = GpuHost.of(Vendor.CUDA, named(library), named(library));
        assertEquals(
                "no cuBLASLt: " + library + " is cuBLASLt 10.x, 10202; 11.0 or newer is needed", host.blasFailure());
    }

    /** What is asked while looking for devices may fail too. */
    @ParameterizedTest
    @EnumSource
    void aDriverThatFailsIsAReason(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        for (Call call : List.of(Call.RUNTIME_VERSION, Call.DEVICE_COUNT)) {
            simulator.fail(call, 1, UNKNOWN);
            String reason = reason(vendor, named(simulator.file()));
            assertTrue(reason.contains(vendor.function(call) + " returned "), reason);
            assertTrue(reason.endsWith("ErrorUnknown (999)"), reason);
        }
        assertEquals(null, GpuHost.of(vendor, named(simulator.file()), NONE).failure());
    }

    /** The others keep their numbers. */
    @ParameterizedTest
    @EnumSource
    void aDeviceThatFailsIsLeftOut(Vendor vendor) throws Exception {
        Simulator simulator = Simulator.of(vendor);
        int all = GpuHost.of(vendor, named(simulator.file()), NONE).places().size();
        for (Call call : List.of(Call.DRIVER_VERSION, Call.DEVICE_PROPERTIES, Call.DEVICE_ATTRIBUTE)) {
            simulator.fail(call, 1, UNKNOWN);
            GpuHost host = GpuHost.of(vendor, named(simulator.file()), NONE);
            assertEquals(null, host.failure());
            assertEquals(all - 1, host.places().size());
            assertEquals(vendor.id() + ":1", host.places().getFirst().info().name());
            String said = "; left out: device 0: " + vendor.function(call) + " returned ";
            assertTrue(host.describe().contains(said), host.describe());
        }
    }

    /** The real libraries, where a machine has them: with or without a GPU they load, all functions are there, and they say a version. */
    @ParameterizedTest
    @EnumSource
    void theVendorsOwnRuntimeHasAllThatIsBound(Vendor vendor) {
        GpuHost host = GpuHost.of(vendor, new SystemLibrary(Optional.empty(), vendor.names(Call.Role.RUNTIME)), NONE);
        assumeTrue(host.runtime() != null || isBroken(host.failure()), () -> "cannot run here: " + host.failure());
        assertTrue(
                host.failure() == null
                        || host.failure().equals(vendor.title() + " has no device")
                        || host.failure().contains("ErrorInsufficientDriver (35)"),
                host.failure());
        assertTrue(
                host.runtime().version().matches("\\d+\\.\\d+"), host.runtime().version());
    }

    @ParameterizedTest
    @EnumSource
    void theVendorsOwnLibraryForProductsHasAllThatIsBound(Vendor vendor) throws LoadFailure {
        SystemLibrary library = new SystemLibrary(Optional.empty(), vendor.names(Call.Role.PRODUCTS));
        try {
            Functions blas = library.open(found -> Functions.blas(vendor, found));
            assertEquals(vendor == Vendor.CUDA, blas.blasVersion().isPresent());
            describes(vendor, blas);
        } catch (LoadFailure e) {
            assumeTrue(isBroken(e.getMessage()), () -> "cannot run here: " + e.getMessage());
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theVendorsOwnLibraryForCollectivesHasAllThatIsBound(Vendor vendor) {
        Ranks ranks = Ranks.of(vendor, new SystemLibrary(Optional.empty(), vendor.names(Call.Role.RANKS)));
        assumeTrue(ranks.functions() != null || isBroken(ranks.failure()), () -> "cannot run here: " + ranks.failure());
        assertEquals(null, ranks.failure());
    }

    /** Descriptors need no device: each attribute is taken in the size in which it is given. */
    private static void describes(Vendor vendor, Functions blas) {
        long op = blas.create(Call.DESC_CREATE, Constant.COMPUTE_32F.of(vendor), Vendor.number(DType.F32));
        long layout = blas.create(Call.LAYOUT_CREATE, Vendor.number(DType.BF16), 5L, 6L, 7L);
        long preference = blas.create(Call.PREFERENCE_CREATE);
        set(blas, Call.DESC_SET, op, Constant.DESC_TRANSA, Integer.BYTES, Constant.OP_T.of(vendor));
        set(blas, Call.DESC_SET, op, Constant.DESC_TRANSB, Integer.BYTES, Constant.OP_N.of(vendor));
        set(blas, Call.DESC_SET, op, Constant.DESC_EPILOGUE, Integer.BYTES, Constant.EPILOGUE_BIAS.of(vendor));
        set(blas, Call.DESC_SET, op, Constant.DESC_BIAS_POINTER, Long.BYTES, 0);
        set(blas, Call.LAYOUT_SET, layout, Constant.LAYOUT_BATCH_COUNT, Integer.BYTES, 3);
        set(blas, Call.LAYOUT_SET, layout, Constant.LAYOUT_BATCH_STRIDE, Long.BYTES, 42);
        set(blas, Call.PREFERENCE_SET, preference, Constant.PREF_WORKSPACE_BYTES, Long.BYTES, 1024);
        set(blas, Call.PREFERENCE_SET, preference, Constant.PREF_REDUCTIONS, Integer.BYTES, 2);
        for (Constant alignment : List.of(
                Constant.PREF_ALIGNMENT_A,
                Constant.PREF_ALIGNMENT_B,
                Constant.PREF_ALIGNMENT_C,
                Constant.PREF_ALIGNMENT_D)) {
            set(blas, Call.PREFERENCE_SET, preference, alignment, Integer.BYTES, 16);
        }
        blas.call(Call.DESC_DESTROY, op);
        blas.call(Call.LAYOUT_DESTROY, layout);
        blas.call(Call.PREFERENCE_DESTROY, preference);
    }

    private static void set(Functions blas, Call call, long handle, Constant attribute, long bytes, long value) {
        if (attribute.of(blas.vendor()) == Constant.NONE) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) { // the lower half of a number comes first
            blas.call(
                    call, handle, attribute.of(blas.vendor()), arena.allocateFrom(ValueLayout.JAVA_LONG, value), bytes);
        }
    }

    private static boolean isBroken(String reason) {
        return reason.contains(" has no function ");
    }

    @Test
    void versionsAreWrittenAsPeopleDo() {
        assertEquals("13.0", Vendor.CUDA.text(13_000));
        assertEquals("11.8", Vendor.CUDA.text(11_080));
        assertEquals("6.3", Vendor.ROCM.text(60_342_131));
    }
}
