/** Conversions between types, of plain numbers and of quantised ones: descriptors, arguments, plans. */
package dev.gamut.convert;
