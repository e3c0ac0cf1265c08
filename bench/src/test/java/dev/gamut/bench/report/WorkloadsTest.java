package dev.gamut.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.bench.problem.Workloads;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of workloads is sound, and complete in operations and precisions. */
class WorkloadsTest {
    private final Workloads workloads = Workloads.shipped();

    @Test
    void idsAreUniqueAndShapesHaveAnOrigin() {
        Set<String> ids = new HashSet<>();
        for (Workload w : workloads.all()) {
            assertTrue(ids.add(w.id()), w.id());
            assertTrue(w.origin().length() > 10, w.id());
            assertTrue(w.m() > 0 && w.n() > 0 && w.k() > 0 && w.batch() > 0, w.id());
        }
    }

    @Test
    void standInsExistAndAreSmallEnoughForTheReference() {
        for (Workload w : workloads.all()) {
            if (!w.smaller().isEmpty()) {
                Workload smaller = workloads.find(w.smaller()).orElseThrow(() -> new AssertionError(w.id()));
                double operations =
                        Problem.of(smaller, smaller.precisions().getFirst()).operations();
                assertTrue(operations < Plan.REFERENCE_LIMIT, smaller.id());
            }
        }
    }

    @Test
    void everyOperationIsThere() {
        Set<String> operations = workloads.all().stream().map(Workload::op).collect(Collectors.toSet());
        assertTrue(operations.contains("gemm"));
        for (ReduceOp op : ReduceOp.values()) {
            assertTrue(operations.contains(op.name().toLowerCase(Locale.ROOT)), op.name());
        }
    }

    @Test
    void everyPrecisionIsThere() {
        Set<DType> types = workloads.all().stream()
                .flatMap(w -> w.precisions().stream())
                .map(Precision::a)
                .collect(Collectors.toSet());
        for (DType type : DType.values()) {
            assertEquals(type.kind() != DType.Kind.SCALE, types.contains(type), type.name());
        }
    }

    @Test
    void precisionsReadAndPrint() {
        assertEquals("u8·i8", Precision.parse("u8*i8").toString());
        assertEquals("f32·i4/32", Precision.parse("f32*i4/32").toString());
        assertFalse(Precision.parse("f32*i4/32").scaling(DType.F32, 1).hasScales());
        assertEquals(
                DType.F8E8M0,
                Precision.parse("f4e2m1/32").scaling(DType.F4E2M1, 1).scaleType());
        assertEquals(DType.F32, Precision.parse("i8*i4/32").result());
    }
}
