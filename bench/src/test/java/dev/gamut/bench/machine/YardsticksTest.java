package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How measurements are combined, and the keys they are written under. */
class YardsticksTest {
    private static Yardsticks yardsticks(int threads, double scale, Map<String, Figure> figures) {
        Bandwidth b = new Bandwidth(10 * scale, (int) scale, 8 * scale, 9 * scale);
        return new Yardsticks(
                threads,
                Map.of(DType.F64, 40 * scale, DType.F32, 80 * scale),
                Map.of("L1", b, "L2", b, "L3", b, "memory", b),
                new CYardsticks("GCC", figures));
    }

    private static Map<String, Figure> figures(double gops, double call) {
        return Map.of("f64", Figure.of(gops, Figure.GOPS), CYardsticks.CALL, Figure.of(call, Figure.NANOSECONDS));
    }

    @Test
    void theBetterOfTwoIsTheLargerRateAndTheSmallerTime() {
        Yardsticks best = yardsticks(1, 2, figures(100, 7)).atLeast(yardsticks(1, 1, figures(110, 8)));
        assertEquals(80, best.arithmetic(DType.F64));
        assertEquals(160, best.arithmetic(DType.I32));
        assertEquals(new Bandwidth(20, 2, 16, 18), best.levels().get("L3"));
        assertEquals(110, best.c().figures().get("f64").value());
        assertEquals(7, best.c().figures().get(CYardsticks.CALL).value());
    }

    @Test
    void oneThreadReachesItsShareOfAllAtLeast() {
        Yardsticks one = yardsticks(1, 1, figures(100, 9)).atLeastShareOf(yardsticks(4, 8, figures(300, 8)));
        assertEquals(1, one.threads());
        assertEquals(80, one.arithmetic(DType.F64));
        assertEquals(20, one.bandwidth("memory"));
        assertEquals(8, one.levels().get("memory").streams());
        assertEquals(100, one.c().figures().get("f64").value());
        assertEquals(8, one.c().figures().get(CYardsticks.CALL).value());
    }

    @Test
    void kernelsInCAreHeldAgainstInstructionsForTheirOperands() {
        Yardsticks y = yardsticks(
                1,
                1,
                Map.of(
                        "i8_dot_gops", Figure.of(500, Figure.GOPS),
                        "i8_tile_gops", Figure.missing("not available"),
                        "bf16_dot_gops", Figure.of(60, Figure.GOPS)));
        assertEquals(500, y.arithmeticInC(KernelId.parse("gemm_u8_i8_i32_i32_48x8_vnni")));
        assertEquals(80, y.arithmeticInC(KernelId.parse("gemm_bf16_bf16_f32_f32_48x8_avx512bf16")));
        assertEquals(80, y.arithmeticInC(KernelId.parse("gemm_f32_i8_f32_f32_g32_vnni")));
        assertEquals(500, y.arithmeticInC(KernelId.parse("gemm_i8_i4_f32_f32_g32_vnni")));
        assertEquals(40, y.arithmeticInC(KernelId.parse("gemm_f64_f64_f64_f64_24x8_fma-kc256_avx512")));
    }

    @Test
    void aReasonGivesWayToAFigure() {
        Map<String, Figure> none = Map.of("f64", Figure.missing("not available: this CPU has none"));
        Yardsticks without = yardsticks(1, 1, none);
        assertEquals("not available: this CPU has none", without.c().asJson().get("f64"));
        assertEquals(
                5.0,
                without.atLeast(yardsticks(1, 1, figures(5, 1))).c().asJson().get("f64"));
        assertEquals(
                5.0,
                yardsticks(1, 1, figures(5, 1)).atLeast(without).c().asJson().get("f64"));
    }

    @Test
    void keysStay() {
        assertEquals(
                List.of(
                        "threads",
                        "fma_f64_gops",
                        "fma_f32_gops",
                        "read_l1_gbs",
                        "read_l2_gbs",
                        "read_l3_gbs",
                        "read_memory_gbs",
                        "read_l1_streams",
                        "read_l2_streams",
                        "read_l3_streams",
                        "read_memory_streams",
                        "copy_l1_gbs",
                        "copy_l2_gbs",
                        "copy_l3_gbs",
                        "copy_gbs",
                        "triad_l1_gbs",
                        "triad_l2_gbs",
                        "triad_l3_gbs",
                        "triad_gbs",
                        "c_compiler",
                        "ffm_call_ns"),
                List.copyOf(yardsticks(1, 1, Map.of(CYardsticks.CALL, Figure.of(5, Figure.NANOSECONDS)))
                        .asJson()
                        .keySet()));
    }
}
