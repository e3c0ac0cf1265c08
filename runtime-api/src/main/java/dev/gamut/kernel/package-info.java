/** How kernels are named and named in groups. */
package dev.gamut.kernel;
