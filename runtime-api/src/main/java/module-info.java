/** Types, dispatch, reference kernels and conformance rules of Gamut. */
module dev.gamut {
    requires java.xml;
    requires jdk.jfr;
    requires jdk.unsupported; // for direct I/O

    exports dev.gamut;
    exports dev.gamut.accuracy;
    exports dev.gamut.collective;
    exports dev.gamut.conformance;
    exports dev.gamut.convert;
    exports dev.gamut.device;
    exports dev.gamut.dtype;
    exports dev.gamut.error;
    exports dev.gamut.gemm;
    exports dev.gamut.hw;
    exports dev.gamut.io;
    exports dev.gamut.kernel;
    exports dev.gamut.linalg;
    exports dev.gamut.parallel;
    exports dev.gamut.placement;
    exports dev.gamut.reduce;
    exports dev.gamut.spi;
    exports dev.gamut.tensor;
    exports dev.gamut.topology;

    uses dev.gamut.hw.EnergySource;
    uses dev.gamut.spi.BlockLoops;
    uses dev.gamut.spi.DeviceProvider;
    uses dev.gamut.spi.KernelProvider;
    uses dev.gamut.spi.TransportProvider;
    uses dev.gamut.topology.HostSource;
}
