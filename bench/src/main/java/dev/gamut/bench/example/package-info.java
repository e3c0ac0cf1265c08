/** Small programs that use the whole of Gamut as a user would; the tests run them. */
package dev.gamut.bench.example;
