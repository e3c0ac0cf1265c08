/**
 * Tensors in files. Whatever a file holds, reading it gives a valid tensor or a {@link
 * dev.gamut.error.FormatException}.
 */
package dev.gamut.io;
