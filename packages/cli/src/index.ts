/** The door of the `holdfast` package: the command line as a value, for tests and for other tools. */

export { holdfast } from './program.ts';
