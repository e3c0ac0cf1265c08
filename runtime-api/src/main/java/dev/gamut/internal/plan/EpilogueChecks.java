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

    static void check(GemmDesc desc, GemmArgs args, int threads) {
        Epilogue chain = args.epilogue();
        if (!chain.ops().equals(desc.epilogue())) {
            throw new IllegalArgumentException("epilogue is " + chain + "; the plan was made for " + desc.epilogue());
        }
        for (int i = 0; i < chain.ops().size(); i++) {
            switch (chain.ops().get(i)) {
                case Epilogue.Bias bias ->
                    vector("bias", chain.data(i), bias.type(), bias.perColumn() ? desc.n() : desc.m(), threads);
                case Epilogue.Requantise r ->
                    vector("factors", chain.data(i), DType.F32, r.perColumn() ? desc.n() : 1, threads);
                case Epilogue.Residual residual -> residual(chain.data(i), residual.matrix(), desc, args, threads);
                case Epilogue.Relu _, Epilogue.Gelu _, Epilogue.Silu _ -> {}
            }
        }
    }

    private static void vector(String name, Tensor data, DType type, long size, int threads) {
        if (data.size(0) != size) {
            throw new IllegalArgumentException(name + " has " + data.size(0) + " elements; needed are " + size);
        }
        Operand operand = new Operand();
        operand.set(data);
        OperandChecks.memory(name, operand, type, size, false, threads);
    }

    private static void residual(Tensor data, MatrixDesc matrix, GemmDesc desc, GemmArgs args, int threads) {
        Operand operand = new Operand();
        operand.set(data);
        OperandChecks.memory("residual", operand, matrix.type(), matrix.extent(desc.batch()), false, threads);
        OperandChecks.disjoint("residual", matrix, operand, desc.c(), args.c(), desc.batch());
    }
}
