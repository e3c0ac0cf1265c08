/** Pure-Java kernels on the Vector API. */
module dev.gamut.vector {
    requires dev.gamut;
    requires jdk.incubator.vector;

    provides dev.gamut.spi.BlockLoops with
            dev.gamut.vector.block.VectorBlockLoops;
    provides dev.gamut.spi.KernelProvider with
            dev.gamut.vector.VectorProvider;
}
