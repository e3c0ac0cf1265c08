/** How native libraries are found and opened. */
package dev.gamut.ffm.library;
