package dev.gamut.conformance;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.KernelInfo;
import dev.gamut.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/** A registered kernel, forced through the public interface; one Gamut for each number of threads asked for. */
final class GamutSubject implements Subject {
    private static final String REFERENCE = "*_ref";

    private final KernelInfo kernel;
    private final Map<Integer, Gamut> opened = new TreeMap<>();
    private Gamut reference;

    GamutSubject(KernelInfo kernel) {
        this.kernel = kernel;
    }

    private Gamut gamut(int threads) {
        return opened.computeIfAbsent(threads, n -> open(kernel.id().toString(), n));
    }

    private static Gamut open(String kernel, int threads) {
        return Gamut.open(GamutConfig.defaults().threads(threads).kernel(kernel).strict(true));
    }

    private Gamut reference() {
        if (reference == null) {
            reference = open(REFERENCE, 1);
        }
        return reference;
    }

    @Override
    public Capabilities machine() {
        return Capabilities.host();
    }

    @Override
    public GemmPlan plan(GemmDesc desc, int threads) {
        return gamut(threads).plan(desc);
    }

    @Override
    public ReducePlan plan(ReduceDesc desc, int threads) {
        return gamut(threads).plan(desc);
    }

    @Override
    public ConvertPlan plan(ConvertDesc desc, int threads) {
        return gamut(threads).plan(desc);
    }

    @Override
    public PackedMatrix pack(Tensor b, Accuracy accuracy, int threads) {
        return gamut(threads).pack(b, accuracy);
    }

    @Override
    public GemmPlan reference(GemmDesc desc) {
        return reference().plan(desc);
    }

    @Override
    public ReducePlan reference(ReduceDesc desc) {
        return reference().plan(desc);
    }

    @Override
    public void close() {
        opened.values().forEach(Gamut::close);
        opened.clear();
        if (reference != null) {
            reference.close();
        }
    }
}
