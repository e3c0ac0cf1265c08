/**
 * Gamut's own programs for devices, in a C that OpenCL compiles at run time and CUDA's compiler ahead of it: what they compute, apart from how
 * they come to a device.
 */
package dev.gamut.ffm.program;
