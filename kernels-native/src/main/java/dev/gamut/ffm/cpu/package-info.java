/** The C kernels of libgamut: its functions, the provider that offers them, and what executes a product on them. */
package dev.gamut.ffm.cpu;
