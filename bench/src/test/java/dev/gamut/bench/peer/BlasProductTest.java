package dev.gamut.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Workload;
import dev.gamut.conformance.Report;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which function of a BLAS a product is, and that its arguments are right: the library is one in Java that notes its calls. */
class BlasProductTest {
    private static final int ROW_MAJOR = 101;
    private static final int TRANS = 112;
    private static final List<String> CALLS = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "f64, 5, 7, 3, 1, cblas_dgemm",
        "f32, 5, 7, 3, 1, cblas_sgemm",
        "f64, 5, 7, 3, 4, cblas_dgemm",
        "f64, 5, 1, 3, 1, cblas_dgemv",
        "f32, 5, 1, 3, 1, cblas_sgemv",
        "f64, 1, 7, 3, 1, cblas_dgemv",
        "f32, 1, 7, 3, 4, cblas_sgemv",
        "f64, 1, 1, 3, 1, cblas_dgemv"
    })
    void matricesAndVectorsHaveFunctionsOfTheirOwn(String type, int m, int n, int k, int batch, String function)
            throws Exception {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                Workload workload = new Workload(
                        "test",
                        "",
                        "gemm",
                        List.of(),
                        m,
                        n,
                        k,
                        batch,
                        transposeA,
                        transposeB,
                        false,
                        false,
                        false,
                        "",
                        "");
                GemmProblem problem = new GemmProblem(workload, Precision.parse(type), false);
                problem.fill(MachineCaches.host(), 1, 1);
                CALLS.clear();
                try (Arena arena = Arena.ofConfined()) {
                    Side side = BlasProduct.of(library(arena), problem, arena);
                    side.run(0);
                    side.result(problem.out());
                }
                assertEquals(batch, CALLS.size());
                assertEquals(Set.of(function), new LinkedHashSet<>(CALLS));
                Report report = problem.check(problem.conventional());
                assertTrue(report.ok(), report.message());
            }
        }
    }

    private static NativeLibrary library(Arena arena) throws ReflectiveOperationException {
        Map<String, MemorySegment> functions = Map.of(
                "cblas_dgemm", function("cblas_dgemm", "gemm", JAVA_DOUBLE, arena),
                "cblas_sgemm", function("cblas_sgemm", "gemm", JAVA_FLOAT, arena),
                "cblas_dgemv", function("cblas_dgemv", "gemv", JAVA_DOUBLE, arena),
                "cblas_sgemv", function("cblas_sgemv", "gemv", JAVA_FLOAT, arena));
        return NativeLibrary.of(name -> Optional.ofNullable(functions.get(name)));
    }

    private static MemorySegment function(String name, String routine, ValueLayout scalar, Arena arena)
            throws ReflectiveOperationException {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout p = ValueLayout.ADDRESS;
        FunctionDescriptor type = routine.equals("gemm")
                ? FunctionDescriptor.ofVoid(i, i, i, i, i, i, scalar, p, i, p, i, scalar, p, i)
                : FunctionDescriptor.ofVoid(i, i, i, i, scalar, p, i, p, i, scalar, p, i);
        MethodType java = type.toMethodType();
        MethodType arguments = MethodType.methodType(void.class, String.class, ValueLayout.class, Object[].class);
        MethodHandle target = MethodHandles.lookup().findStatic(BlasProductTest.class, routine, arguments);
        target = MethodHandles.insertArguments(target, 0, name, scalar);
        return Linker.nativeLinker()
                .upcallStub(
                        target.asCollector(Object[].class, java.parameterCount())
                                .asType(java),
                        type,
                        arena);
    }

    /** Numbers in memory that the caller knows the size of. */
    private record Numbers(MemorySegment memory, ValueLayout scalar) {
        static Numbers of(Object at, ValueLayout scalar) {
            return new Numbers(((MemorySegment) at).reinterpret(Long.MAX_VALUE), scalar);
        }

        double get(long i) {
            return scalar instanceof ValueLayout.OfDouble type
                    ? memory.getAtIndex(type, i)
                    : memory.getAtIndex(JAVA_FLOAT, i);
        }

        void set(long i, double value) {
            if (scalar instanceof ValueLayout.OfDouble type) {
                memory.setAtIndex(type, i, value);
            } else {
                memory.setAtIndex(JAVA_FLOAT, i, (float) value);
            }
        }
    }

    /** Of {@code cblas_?gemm}: order, transposes, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc. */
    private static void gemm(String name, ValueLayout scalar, Object[] v) {
        CALLS.add(name);
        assertEquals(List.of(ROW_MAJOR, 1.0, 0.0), List.of(v[0], number(v[6]), number(v[11])));
        int m = (int) v[3];
        int n = (int) v[4];
        int k = (int) v[5];
        int lda = (int) v[8];
        int ldb = (int) v[10];
        Numbers a = Numbers.of(v[7], scalar);
        Numbers b = Numbers.of(v[9], scalar);
        Numbers c = Numbers.of(v[12], scalar);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a.get((int) v[1] == TRANS ? l * lda + i : i * lda + l)
                            * b.get((int) v[2] == TRANS ? j * ldb + l : l * ldb + j);
                }
                c.set(i * (int) v[13] + j, sum);
            }
        }
    }

    /** Of {@code cblas_?gemv}: order, transpose, rows, columns, alpha, A, lda, x, incx, beta, y, incy. */
    private static void gemv(String name, ValueLayout scalar, Object[] v) {
        CALLS.add(name);
        assertEquals(List.of(ROW_MAJOR, 1.0, 0.0), List.of(v[0], number(v[4]), number(v[9])));
        boolean transposed = (int) v[1] == TRANS;
        int lda = (int) v[6];
        Numbers a = Numbers.of(v[5], scalar);
        Numbers x = Numbers.of(v[7], scalar);
        Numbers y = Numbers.of(v[10], scalar);
        for (int i = 0; i < (int) v[transposed ? 3 : 2]; i++) {
            double sum = 0;
            for (int l = 0; l < (int) v[transposed ? 2 : 3]; l++) {
                sum += a.get(transposed ? l * lda + i : i * lda + l) * x.get(l * (int) v[8]);
            }
            y.set(i * (int) v[11], sum);
        }
    }

    private static double number(Object scalar) {
        return ((Number) scalar).doubleValue();
    }
}
