/**
 * Devices of CUDA and of ROCm: the functions of both runtimes and of cuBLASLt and hipBLASLt, which differ in names and numbers only, their
 * providers, and products by them.
 */
package dev.gamut.ffm.gpu;
