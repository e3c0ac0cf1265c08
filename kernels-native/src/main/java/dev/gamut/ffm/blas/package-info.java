/** The BLAS library of the user's system: how it is found, what it is asked, and the provider that offers its products. */
package dev.gamut.ffm.blas;
