/** The public face of the package: one line for each file of `src/` that offers something. */
