/** Conversions of whole matrices between types of up to 32 bits. */
package dev.gamut.vector.convert;
