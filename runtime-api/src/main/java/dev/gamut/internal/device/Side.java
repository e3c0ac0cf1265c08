package dev.gamut.internal.device;

/** Where a kernel computes; operands that lie on the other side are copied. */
public enum Side {
    /** On the device. */
    DEVICE,
    /** On the host, because no kernel of the device takes the operation. */
    HOST
}
