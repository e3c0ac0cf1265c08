/** Energy of NVIDIA's devices, by the library of their driver. */
package dev.gamut.ffm.nvml;
