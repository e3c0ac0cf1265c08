/** Codes of narrow types to F32 numbers and back, in bulk. */
package dev.gamut.vector.codec;
