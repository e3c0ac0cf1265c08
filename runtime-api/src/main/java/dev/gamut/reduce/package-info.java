/** Reductions over a whole tensor or along an axis: descriptor, plan, arguments. */
package dev.gamut.reduce;
