/**
 * The seam between the runtime and its kernels: a provider registers kernels, a kernel answers an operation with an
 * offer, an accepted offer prepares an executor. The unit is always the whole operation.
 */
package dev.gamut.spi;
