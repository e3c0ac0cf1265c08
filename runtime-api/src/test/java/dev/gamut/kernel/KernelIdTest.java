package dev.gamut.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemm_f64_f64_f64_f64_24x8_avx512",
                "gemm_bf16_bf16_f32_f32_32x32_amx",
                "gemm_f32_i4_f32_f32_g32_amx",
                "gemm_f64_f64_f64_f64_residue_amx",
                "gemm_f64_f64_f64_f64_2vx12_fma-kc256_vec",
                "sum_f32_f32_tree64_vec",
                "gemm_f32_f32_f32_f32_clblast"
            })
    void printsWhatItReads(String text) {
        assertEquals(text, KernelId.parse(text).toString());
    }

    @Test
    void readsEachPart() {
        KernelId id = KernelId.parse("gemm_f32_i4_f32_f32_g32_12x2v_tree64_vec");
        assertEquals(List.of(DType.F32, DType.I4, DType.F32, DType.F32), id.types());
        assertEquals(OptionalInt.of(32), id.group());
        assertEquals(12, id.tile().orElseThrow().rows(8));
        assertEquals(16, id.tile().orElseThrow().cols(8));
        assertEquals(EvaluationOrder.TREE64, id.order().orElseThrow());
        assertEquals("vec", id.impl());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "gemm", "gemm_f64", "gemm_vec", "GEMM_f64_vec", "gemm_f64_a_b_c_vec", "gemm_f64_tree64_vec_"
            })
    void refusesOtherText(String text) {
        assertThrows(IllegalArgumentException.class, () -> KernelId.parse(text));
    }

    @Test
    void sumsAlikeWhereResultsAloneDiffer() {
        KernelId id = KernelId.parse("gemm_i8_i8_i32_i32_48x8_vnni");
        assertTrue(id.sumsLike(id));
        assertTrue(id.sumsLike(KernelId.parse("gemm_i8_i8_i32_i64_48x8_vnni")));
        for (String other : List.of(
                "gemm_u8_i8_i32_i32_48x8_vnni",
                "gemm_i8_i8_i32_i32_32x32_amx",
                "gemm_i8_i8_i32_i32_48x8_amx",
                "gemm_i8_i8_i32_i32_g32_48x8_vnni",
                "convert_i8_i8_vnni")) {
            assertFalse(id.sumsLike(KernelId.parse(other)), other);
        }
    }

    @Test
    void globs() {
        KernelId id = KernelId.parse("gemm_f64_f64_f64_f64_12x2v_vec");
        assertTrue(Glob.of("gemm_*_vec").matches(id));
        assertTrue(Glob.of("gemm_f6?_*").matches(id));
        assertTrue(Glob.of("{gemm,sum}_f64*").matches(id));
        assertFalse(Glob.of("gemm_f64").matches(id));
        assertTrue(Glob.of(id.toString()).matches(id)); // a whole id is compared, not matched
        for (String other : List.of("gemm_f64_f64_f64_f32_12x2v_vec", "gemm_f64_f64_f64_f64_12x2v_fma-kc256_vec")) {
            assertFalse(Glob.of(id.toString()).matches(KernelId.parse(other)), other);
        }
        assertFalse(Glob.of("gemm.f64*").matches(id));
        for (String bad : List.of("", "  ", "{a", "a}", "{a{b}}")) {
            assertThrows(IllegalArgumentException.class, () -> Glob.of(bad), bad);
        }
    }
}
