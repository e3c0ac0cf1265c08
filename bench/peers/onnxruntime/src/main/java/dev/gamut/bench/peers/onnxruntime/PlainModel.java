package dev.gamut.bench.peers.onnxruntime;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * MatMul and its kin: floats, and integers of 8 bits with a result of 32. These are laid out row by row, since MatMulInteger takes nothing
 * transposed, and a node that transposes would do so in each run.
 */
final class PlainModel implements ProductModel {
    private final GemmProblem problem;
    private final Workload workload;
    private final Element a;
    private final Element b;
    private final Element c;

    /**
     * Chooses types.
     *
     * @param problem without scale factors
     * @throws Unavailable if ONNX has no operator for it
     */
    PlainModel(GemmProblem problem) throws Unavailable {
        this.problem = problem;
        workload = problem.workload();
        a = Element.of(problem.precision().a());
        b = Element.of(problem.precision().b());
        c = Element.of(problem.precision().result());
        if (a == Element.I32 || b == Element.I32 || c != Element.I32 && (a != c || b != c)) {
            throw new Unavailable("multiplies F64, F32 and integers of 8 bits only");
        }
        if (c == Element.I32 && workload.batch() > 1 && (workload.transposeA() || workload.transposeB())) {
            throw new Unavailable("has no batches of transposed integers");
        }
    }

    @Override
    public boolean constant() {
        return problem.packed();
    }

    @Override
    public Element typeOfA() {
        return a;
    }

    @Override
    public Element typeOfB() {
        return b;
    }

    @Override
    public Element typeOfC() {
        return c;
    }

    @Override
    public long[] shapeOfA() {
        return shape(workload.m(), workload.k(), workload.transposeA());
    }

    @Override
    public long[] shapeOfB() {
        return shape(workload.k(), workload.n(), workload.transposeB());
    }

    @Override
    public long[] shapeOfC() {
        return shape(workload.m(), workload.n(), false);
    }

    private long[] shape(long rows, long cols, boolean transposed) {
        boolean turned = transposed && c != Element.I32;
        long down = turned ? cols : rows;
        long across = turned ? rows : cols;
        return workload.batch() == 1 ? new long[] {down, across} : new long[] {workload.batch(), down, across};
    }

    @Override
    public MemorySegment copyOfA(int set, Arena arena) {
        return copy(problem.a(set), workload.transposeA(), arena);
    }

    @Override
    public MemorySegment copyOfB(int set, Arena arena) {
        return copy(problem.b(set), workload.transposeB(), arena);
    }

    private MemorySegment copy(Tensor operand, boolean transposed, Arena arena) {
        return transposed && c == Element.I32 ? Operands.rows(operand, arena) : Operands.copy(operand, arena);
    }

    @Override
    public Model build(int set) {
        Model model = new Model().input(A, a, shapeOfA()).output(c, shapeOfC());
        if (constant()) {
            model.constant(B, b, copyOfB(set, Arena.ofAuto()), shapeOfB());
        } else {
            model.input(B, b, shapeOfB());
        }
        if (c == Element.I32) {
            return model.standard("MatMulInteger", Model.RESULT, Map.of(), A, B);
        }
        if (!workload.transposeA() && !workload.transposeB()) {
            return model.standard("MatMul", Model.RESULT, Map.of(), A, B);
        }
        Map<String, Integer> flags =
                Map.of("transA", workload.transposeA() ? 1 : 0, "transB", workload.transposeB() ? 1 : 0);
        return workload.batch() == 1
                ? model.standard("Gemm", Model.RESULT, flags, A, B)
                : model.contributed("FusedMatMul", Model.RESULT, flags, A, B);
    }
}
