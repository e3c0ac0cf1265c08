/** Kernels in C and other native libraries, bound through the Foreign Function and Memory API. */
module dev.gamut.ffm {
    requires dev.gamut;

    provides dev.gamut.hw.EnergySource with
            dev.gamut.ffm.nvml.NvmlSource;
    provides dev.gamut.spi.DeviceProvider with
            dev.gamut.ffm.gpu.CudaProvider,
            dev.gamut.ffm.gpu.RocmProvider,
            dev.gamut.ffm.opencl.OpenClProvider;
    provides dev.gamut.spi.KernelProvider with
            dev.gamut.ffm.blas.BlasProvider,
            dev.gamut.ffm.cpu.NativeProvider;
    provides dev.gamut.spi.TransportProvider with
            dev.gamut.ffm.mpi.MpiProvider;
    provides dev.gamut.topology.HostSource with
            dev.gamut.ffm.hwloc.HwlocSource;
}
