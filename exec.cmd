@rem The npm scripts say `exec node ...`, so that a signal to npm reaches the program and not a shell before it.
@rem Windows has no exec; this is it.
@%*
