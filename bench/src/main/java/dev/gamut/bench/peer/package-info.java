/** Libraries that users would take instead of Gamut, behind one interface; what implements it is loaded on demand. */
package dev.gamut.bench.peer;
