package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.cpu.abi.gamut_gemm;
import dev.gamut.ffm.cpu.abi.gamut_residues;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A product in F64 or F32 by exact products of bytes modulo some numbers, with the bits of the order {@link EvaluationOrder#RESIDUE}
 * (native-src, driver/residue.c), never where native arithmetic is asked for.
 *
 * <p>Error, componentwise, with u of the type and S = (|A|·|B|)(i,j): that of the Java kernel of the same order, since all of its bits are the same. Rounding
 * operands costs at most u·S, or the block is computed natively; putting sums together rounds once, (1 + 2^-5)·u·S with what else is lost. Together
 * {@link #served}, (2 + 2^-5)·u·S + η. Native blocks have (k + 2)·u·S + k·η. An offer is made before operands are seen, so that is what it declares; a run's
 * record tells the bound of its own.
 */
final class ResidueGemm extends NativeGemm {
    /** Bits that operands of one order of magnitude need beyond the significand. */
    private static final int USUAL_SPAN = 2;

    /** Bits of a modulus, of 16 of them on average: a little more for fewer. */
    private static final double BITS_OF_MODULUS = 7.85;

    /** The longest sums for which a right operand is laid out beforehand, as compiled in. */
    private static final long LONGEST_PACKED = 1 << 15;

    /** Something is kept of each line. */
    private static final long MOST_LINES = 1 << 26;

    ResidueGemm(CpuLibrary library, CpuLibrary.Entry entry) {
        super(library, entry, false, "C, emulated: exact products of bytes modulo some numbers");
    }

    /** What holds where no block is native. */
    static ErrorBound served(DType type) {
        return new ErrorBound(type.unitRoundoff(), 0, 0, 2 + 0x1p-5, type.minSubnormal());
    }

    private DType type() {
        return id().types().getFirst();
    }

    @Override
    ErrorBound bound(GemmDesc desc) {
        return ErrorBound.ofAccumulation(type());
    }

    @Override
    Determinism determinism() {
        return Determinism.bitwise(EvaluationOrder.RESIDUE);
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (desc.accuracy().equals(Accuracy.NATIVE)) {
            return Optional.of("it emulates " + type() + ", and native arithmetic is asked for");
        }
        if (Math.max(desc.m(), desc.n()) > MOST_LINES) {
            return Optional.of("m is " + desc.m() + " and n " + desc.n() + "; they must be at most " + MOST_LINES);
        }
        if (desc.b().packed().isPresent() && desc.b().batchStride() != 0) {
            return Optional.of("b is packed and differs from batch to batch");
        }
        return desc.a().scaling().hasScales() || desc.b().scaling().hasScales()
                ? Optional.of("an operand is scaled; plain ones are taken")
                : Optional.empty();
    }

    /** Right operands of this type that are one matrix for the whole batch, unless sums are very long. */
    @Override
    public boolean packs(MatrixDesc b) {
        return b.type() == type()
                && !b.scaling().hasScales()
                && b.batchStride() == 0
                && b.rows() >= 1
                && b.cols() >= 1
                && b.cols() <= MOST_LINES
                && b.rows() <= LONGEST_PACKED;
    }

    /**
     * A right operand that was laid out.
     *
     * @param all what the library made of it
     * @param copy in that, its columns one after the other
     */
    record Kept(MemorySegment all, MemorySegment copy) {}

    @Override
    public PackedMatrix pack(MatrixDesc b, Operand data, PlanContext context) {
        MemorySegment gemm = Arena.ofAuto().allocate(gamut_gemm.layout());
        gamut_gemm.size(gemm, gamut_gemm.sizeof());
        gamut_gemm.kernel(gemm, number());
        gamut_gemm.m(gemm, 1);
        gamut_gemm.n(gemm, b.cols());
        gamut_gemm.k(gemm, b.rows());
        gamut_gemm.b_row(gemm, b.rowStride());
        gamut_gemm.b_col(gemm, b.colStride());
        long bytes = library().residuePackedBytes(gemm);
        MemorySegment packed = Arena.ofAuto().allocate(bytes, Workspace.alignment(bytes));
        Consumer<MemorySegment> inLargePages = library()::largePages;
        inLargePages.accept(packed);
        library().residuePack(gemm, data.offset(), packed);
        long scratch = library().residueScratch(gemm);
        MemorySegment from = data.segment();
        MemorySegment none = MemorySegment.NULL;
        for (int tasks = library().residuePhase(packed);
                tasks > 0;
                tasks = library().residuePhase(packed)) {
            context.parallelFor(
                    tasks,
                    (task, workspace) -> library()
                            .residueTask(
                                    none, from, none, task, false, packed, workspace.memory(scratch, inLargePages)));
        }
        MemorySegment copy =
                packed.asSlice(gamut_residues.copy_at(packed), b.type().bytes(b.rows() * b.cols()));
        return new PackedMatrix(b.packed(id()), new Kept(packed, copy), bytes);
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context, CostModel model) {
        return new ResidueExecutor(library(), number(), desc, context, model.threadsFor(desc.flops()));
    }

    /** For operands of one order of magnitude: one more product than there are moduli, that of estimates, and what goes with each element. */
    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        if (desc.flops() == 0) {
            return new Cost(0, 0, 0, 0, 0);
        }
        int threads = model.threadsFor(desc.flops());
        double bits = 2 * (type().precision() + USUAL_SPAN) + Math.max(1, Math.log(desc.k()) / Math.log(2));
        double moduli = Math.ceil(bits / BITS_OF_MODULUS);
        double results = (double) desc.m() * desc.n() * desc.batch();
        double lines = desc.b().packed().isPresent() ? desc.m() : desc.m() + desc.n();
        double elements = lines * desc.k() * desc.batch();
        return new Cost(
                model.seconds(desc.flops() * (moduli + 1) / model.peak("fma_share")) / threads,
                model.seconds(results * moduli * model.get("cycles_per_residue_of_result")) / threads,
                model.seconds(elements
                                * (model.get("cycles_per_scanned_element") + moduli * model.get("cycles_per_residue")))
                        / threads,
                model.seconds(model.get("call_cycles") * desc.batch() + model.forkCycles(threads)),
                0);
    }
}
