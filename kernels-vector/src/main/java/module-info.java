/** Pure-Java kernels on the Vector API. */
module dev.gamut.vector {
    requires dev.gamut;
    requires jdk.incubator.vector;

    provides dev.gamut.spi.BlockCodecProvider with
            dev.gamut.vector.codec.VectorBlockCodecs;
    provides dev.gamut.spi.KernelProvider with
            dev.gamut.vector.VectorProvider;
}
