/** What lets operands of one place meet kernels of another. */
package dev.gamut.internal.device;
