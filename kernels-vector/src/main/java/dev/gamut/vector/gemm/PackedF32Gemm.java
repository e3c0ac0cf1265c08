package dev.gamut.vector.gemm;

import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.kernel.KernelId;
import dev.gamut.vector.matrix.Elements;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Large products in F32 lanes: of F32 itself, and of every narrower type, whose codes become F32 numbers on the way into the
 * panels. Integers are exact that way, see {@link Exact}. One object is one entry of the table: types and a tile.
 */
final class PackedF32Gemm extends PackedGemm<float[]> {
    private final Method method;

    PackedF32Gemm(
            Method method,
            List<DType> types,
            String tileName,
            Supplier<Elements<float[]>> elements,
            Supplier<Tile<float[]>> tile) {
        super(DType.F32, id(method, types).tile(tileName), elements, tile);
        this.method = method;
    }

    private static KernelId id(Method method, List<DType> types) {
        KernelId id = KernelId.of("gemm", types, "vec");
        return method.isNamed() ? id.order(method.order()) : id;
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return true;
    }

    @Override
    Determinism determinism() {
        return Determinism.bitwise(method.order());
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        return super.decline(desc).or(() -> method.objection(desc));
    }

    @Override
    Product<float[]> product(GemmDesc desc, boolean transposed, Elements<float[]> elements) {
        boolean integral = method == Method.EXACT
                && desc.c().type().isInteger()
                && desc.epilogue().isEmpty();
        MatrixDesc c = transposed ? desc.c().transpose() : desc.c();
        return new Product<>(
                desc,
                transposed,
                elements,
                method,
                new Chain(desc, transposed, elements),
                integral ? new IntegerResult(c, transposed) : null);
    }

    @Override
    Completion<float[]> completion(GemmDesc desc, Product<float[]> product, Elements<float[]> elements) {
        int depth = Method.exactDepth(desc.a(), desc.b());
        return switch (method) {
            case FMA -> desc.epilogue().isEmpty() ? new Joined<>(product, elements) : new Finished(product);
            case EXACT -> new Exact(product, depth);
            case RUNS ->
                new Scaled(
                        product,
                        Method.constant(desc.a().scaling(), 1),
                        Method.constant(desc.b().scaling(), 0),
                        depth);
        };
    }
}
