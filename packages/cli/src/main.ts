#!/usr/bin/env node
/** The `holdfast` command. */
import { holdfast } from './program.ts';

await holdfast().parseAsync();
