package dev.gamut.internal.device;

/** Where a kernel computes for operands that live on a device. */
public enum Side {
    /** On the device: operands of the host are copied there. */
    DEVICE,
    /** On the host, because no kernel of the device takes the operation: operands of the device are copied here. */
    HOST
}
