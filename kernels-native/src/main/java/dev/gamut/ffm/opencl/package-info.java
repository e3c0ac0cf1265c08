/** Devices that OpenCL reaches: its functions, the provider of its devices, and kernels by CLBlast and of Gamut's own. */
package dev.gamut.ffm.opencl;
