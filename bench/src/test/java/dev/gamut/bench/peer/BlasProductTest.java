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
                "cblas_dgemm", function("dgemm", JAVA_DOUBLE, true, arena),
                "cblas_sgemm", function("sgemm", JAVA_FLOAT, true, arena),
                "cblas_dgemv", function("dgemv", JAVA_DOUBLE, false, arena),
                "cblas_sgemv", function("sgemv", JAVA_FLOAT, false, arena));
        return NativeLibrary.of(name -> java.util.Optional.ofNullable(functions.get(name)));
    }

    private static MemorySegment function(String name, ValueLayout scalar, boolean gemm, Arena arena)
            throws ReflectiveOperationException {
        MemoryLayout i = ValueLayout.JAVA_INT;
        MemoryLayout p = ValueLayout.ADDRESS;
        FunctionDescriptor type = gemm
                ? FunctionDescriptor.ofVoid(i, i, i, i, i, i, scalar, p, i, p, i, scalar, p, i)
                : FunctionDescriptor.ofVoid(i, i, i, i, scalar, p, i, p, i, scalar, p, i);
        MethodType java = type.toMethodType();
        MethodHandle target = MethodHandles.lookup().findStatic(BlasProductTest.class, name, java);
        return Linker.nativeLinker().upcallStub(target, type, arena);
    }

    /** Numbers in memory that the caller knows the size of. */
    private record Numbers(MemorySegment memory, boolean isDouble) {
        static Numbers of(MemorySegment at, boolean isDouble) {
            return new Numbers(at.reinterpret(Long.MAX_VALUE), isDouble);
        }

        double get(long i) {
            return isDouble ? memory.getAtIndex(JAVA_DOUBLE, i) : memory.getAtIndex(JAVA_FLOAT, i);
        }

        void set(long i, double value) {
            if (isDouble) {
                memory.setAtIndex(JAVA_DOUBLE, i, value);
            } else {
                memory.setAtIndex(JAVA_FLOAT, i, (float) value);
            }
        }
    }

    private static void dgemm(
            int order,
            int ta,
            int tb,
            int m,
            int n,
            int k,
            double alpha,
            MemorySegment a,
            int lda,
            MemorySegment b,
            int ldb,
            double beta,
            MemorySegment c,
            int ldc) {
        CALLS.add("cblas_dgemm");
        gemm(
                order,
                ta,
                tb,
                m,
                n,
                k,
                alpha,
                Numbers.of(a, true),
                lda,
                Numbers.of(b, true),
                ldb,
                beta,
                Numbers.of(c, true),
                ldc);
    }

    private static void sgemm(
            int order,
            int ta,
            int tb,
            int m,
            int n,
            int k,
            float alpha,
            MemorySegment a,
            int lda,
            MemorySegment b,
            int ldb,
            float beta,
            MemorySegment c,
            int ldc) {
        CALLS.add("cblas_sgemm");
        gemm(
                order,
                ta,
                tb,
                m,
                n,
                k,
                alpha,
                Numbers.of(a, false),
                lda,
                Numbers.of(b, false),
                ldb,
                beta,
                Numbers.of(c, false),
                ldc);
    }

    private static void dgemv(
            int order,
            int trans,
            int rows,
            int cols,
            double alpha,
            MemorySegment a,
            int lda,
            MemorySegment x,
            int incx,
            double beta,
            MemorySegment y,
            int incy) {
        CALLS.add("cblas_dgemv");
        gemv(
                order,
                trans,
                rows,
                cols,
                alpha,
                Numbers.of(a, true),
                lda,
                Numbers.of(x, true),
                incx,
                beta,
                Numbers.of(y, true),
                incy);
    }

    private static void sgemv(
            int order,
            int trans,
            int rows,
            int cols,
            float alpha,
            MemorySegment a,
            int lda,
            MemorySegment x,
            int incx,
            float beta,
            MemorySegment y,
            int incy) {
        CALLS.add("cblas_sgemv");
        gemv(
                order,
                trans,
                rows,
                cols,
                alpha,
                Numbers.of(a, false),
                lda,
                Numbers.of(x, false),
                incx,
                beta,
                Numbers.of(y, false),
                incy);
    }

    private static void gemm(
            int order,
            int ta,
            int tb,
            int m,
            int n,
            int k,
            double alpha,
            Numbers a,
            int lda,
            Numbers b,
            int ldb,
            double beta,
            Numbers c,
            int ldc) {
        assertEquals(ROW_MAJOR, order);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a.get(ta == TRANS ? l * lda + i : i * lda + l)
                            * b.get(tb == TRANS ? j * ldb + l : l * ldb + j);
                }
                c.set(i * ldc + j, alpha * sum + (beta == 0 ? 0 : beta * c.get(i * ldc + j)));
            }
        }
    }

    private static void gemv(
            int order,
            int trans,
            int rows,
            int cols,
            double alpha,
            Numbers a,
            int lda,
            Numbers x,
            int incx,
            double beta,
            Numbers y,
            int incy) {
        assertEquals(ROW_MAJOR, order);
        for (int i = 0; i < (trans == TRANS ? cols : rows); i++) {
            double sum = 0;
            for (int l = 0; l < (trans == TRANS ? rows : cols); l++) {
                sum += a.get(trans == TRANS ? l * lda + i : i * lda + l) * x.get(l * incx);
            }
            y.set(i * incy, alpha * sum + (beta == 0 ? 0 : beta * y.get(i * incy)));
        }
    }
}
