package dev.gamut.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gamut.Gamut;
import dev.gamut.spi.KernelInfo;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemm_f32_f32_f32_f32_fma-kc256_ref",
                "gemm_f32_i4_f32_f32_fma-kc256_ref",
                "sum_f64_f64_tree64_ref",
                "max_f32_f32_ref",
                "convert_f32_bf16_ref"
            })
    void equalProblemsHaveEqualFingerprints(String id) {
        KernelInfo kernel = kernel(id);
        List<Fingerprint> first = Conformance.fingerprints(kernel, 1);
        List<Fingerprint> other = Conformance.fingerprints(kernel, 2);
        assertFalse(first.isEmpty());
        assertEquals(first, Conformance.fingerprints(kernel, 1));
        assertEquals(
                first.size(),
                first.stream().map(Fingerprint::problem).distinct().count());
        IntStream.range(0, first.size())
                .forEach(i -> assertNotEquals(
                        first.get(i).digest(),
                        other.get(i).digest(),
                        first.get(i).problem()));
    }

    private static KernelInfo kernel(String id) {
        try (Gamut gamut = Gamut.open()) {
            List<String> ids =
                    gamut.kernels().stream().map(k -> k.id().toString()).toList();
            return gamut.kernels().stream()
                    .filter(k -> k.id().toString().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(id + " is none of " + ids));
        }
    }
}
