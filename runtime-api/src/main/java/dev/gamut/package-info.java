/** The facade: open a {@link dev.gamut.Gamut}, call it on arrays or tensors, close it. */
package dev.gamut;
