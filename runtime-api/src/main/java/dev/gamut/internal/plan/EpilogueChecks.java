package dev.gamut.internal.plan;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;

/** Checks the data of an epilogue against the operations that the descriptor promised. */
final class EpilogueChecks {
    private EpilogueChecks() {}

    static void check(GemmDesc desc, GemmArgs args, Engine engine) {
        Epilogue chain = args.epilogue();
        if (!chain.ops().equals(desc.epilogue())) {
            throw new IllegalArgumentException("epilogue is " + chain + "; the plan was made for " + desc.epilogue());
        }
        for (int i = 0; i < chain.ops().size(); i++) {
            Tensor data = chain.data(i);
            switch (chain.ops().get(i)) {
                case Epilogue.Bias bias ->
                    vector("bias", data, bias.type(), bias.perColumn() ? desc.n() : desc.m(), desc, args, engine);
                case Epilogue.Requantise r ->
                    vector("factors", data, DType.F32, r.perColumn() ? desc.n() : 1, desc, args, engine);
                case Epilogue.Residual residual -> residual(data, residual.matrix(), desc, args, engine);
                case Epilogue.Relu _, Epilogue.Gelu _, Epilogue.Silu _ -> {}
            }
        }
    }

    private static void vector(
            String name, Tensor data, DType type, long size, GemmDesc desc, GemmArgs args, Engine engine) {
        if (data.size(0) != size) {
            throw new IllegalArgumentException(name + " has " + data.size(0) + " elements; needed are " + size);
        }
        Operand operand = new Operand();
        operand.set(data);
        OperandChecks.memory(name, operand, type, size, false, engine);
        long extentC = desc.c().extent(desc.batch());
        OperandChecks.disjoint(
                name, operand, type, size, "c", args.c(), desc.c().type(), extentC);
    }

    private static void residual(Tensor data, MatrixDesc matrix, GemmDesc desc, GemmArgs args, Engine engine) {
        if (data.rank() == 3 && data.size(0) != desc.batch()) {
            throw new IllegalArgumentException(
                    "residual is a batch of " + data.size(0) + "; the product is a batch of " + desc.batch());
        }
        Operand operand = new Operand();
        operand.set(data);
        OperandChecks.memory("residual", operand, matrix.type(), matrix.extent(desc.batch()), false, engine);
        OperandChecks.disjoint("residual", matrix, operand, desc.c(), args.c(), desc.batch());
    }
}
