/** What a caller may demand of a result (accuracy, determinism) and what a kernel declares about it (error bound). */
package dev.gamut.accuracy;
