/** What engines of collectives share: the arithmetic of ranks, how elements are combined, checks of calls. */
package dev.gamut.internal.collective;
