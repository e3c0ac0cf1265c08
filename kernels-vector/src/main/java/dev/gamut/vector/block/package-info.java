/** Loops over blocks of what collectives combine. */
package dev.gamut.vector.block;
