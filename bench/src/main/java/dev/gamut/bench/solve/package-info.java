/** Systems of linear equations: solved, checked and timed as HPL and HPL-MxP do. */
package dev.gamut.bench.solve;
