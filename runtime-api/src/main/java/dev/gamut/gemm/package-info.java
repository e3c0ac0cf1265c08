/** General matrix multiplication: what is asked for (descriptor), what it is bound to (plan), what it runs on (args). */
package dev.gamut.gemm;
