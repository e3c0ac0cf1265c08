package dev.gamut.ffm.opencl;

import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.Program;
import dev.gamut.gemm.Activations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Programs in OpenCL C: a file of the jar behind the names that its types and constants have. */
final class ClSource {
    private final StringBuilder text = new StringBuilder();
    private final DeviceInfo device;

    ClSource(DeviceInfo device) {
        this.device = device;
        if (Program.computes(device, DType.F64)) {
            text.append("#define FP64\n");
        }
        define("GLOBAL", "global").define("FUNCTION", "").define("KERNEL(name)", "kernel void name");
        Program.numbers().forEach(this::define);
    }

    ClSource define(String name, String value) {
        text.append("#define ").append(name).append(' ').append(value).append('\n');
        return this;
    }

    ClSource define(String name, boolean holds) {
        return holds ? define(name, "1") : this;
    }

    /** The constants of {@link Activations}, to the last bit. */
    ClSource activations() {
        if (!Program.computes(device, DType.F64)) {
            return this;
        }
        text.append("#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n");
        for (Activations.Polynomial p : Activations.Polynomial.values()) {
            text.append(IntStream.range(0, p.count())
                    .mapToObj(i -> Double.toHexString(p.coefficient(i)))
                    .collect(Collectors.joining(", ", "constant double " + p.name() + "[] = {", "};\n")));
        }
        return define("TWICE_SQRT_2_OVER_PI", Double.toHexString(Activations.TWICE_SQRT_2_OVER_PI))
                .define("CUBE", Double.toHexString(Activations.CUBE))
                .define("SQRT_HALF", Double.toHexString(Activations.SQRT_HALF))
                .define("LARGEST", Double.toHexString(Activations.LARGEST))
                .define("LARGEST_ERF", Double.toHexString(Activations.LARGEST_ERF))
                .define("SMALL_ERF", Double.toHexString(Activations.SMALL_ERF))
                .define("LOG2_E", Double.toHexString(Activations.LOG2_E))
                .define("LN2_HIGH", Double.toHexString(Activations.LN2_HIGH))
                .define("LN2_LOW", Double.toHexString(Activations.LN2_LOW))
                .define("ROUNDER", Double.toHexString(Activations.ROUNDER));
    }

    /** The whole of a program that other languages have, too. */
    static String of(DeviceInfo device, Program program) {
        ClSource source = new ClSource(device);
        program.names().forEach(source::define);
        return source.text + Program.TYPES + program.text();
    }

    /** The whole program. */
    String with(String file) {
        return text + Program.TYPES + read(file);
    }

    private static String read(String file) {
        try (InputStream in = ClSource.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
