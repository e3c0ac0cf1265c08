package dev.gamut.ffm.opencl;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.opencl.abi.opencl_h;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Status codes of OpenCL and CLBlast, as exceptions with their names. */
final class ClStatus {
    private static final String NAMES = "status.txt";

    private static final Map<Integer, String> BY_CODE = read();

    private ClStatus() {}

    private static Map<Integer, String> read() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(ClStatus.class.getResourceAsStream(NAMES), StandardCharsets.US_ASCII))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> Integer.valueOf(words[0]), words -> words[1]));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + NAMES, e);
        }
    }

    static String name(int code) {
        return BY_CODE.getOrDefault(code, "an unknown status");
    }

    /** Does nothing where a call succeeded. */
    static void check(String api, int code) {
        if (code != opencl_h.CL_SUCCESS()) {
            throw new NativeCallException(api, code, name(code));
        }
    }
}
