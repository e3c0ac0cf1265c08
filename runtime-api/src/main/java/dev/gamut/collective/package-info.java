/** Collectives: what ranks exchange and combine, in one process or over several. */
package dev.gamut.collective;
