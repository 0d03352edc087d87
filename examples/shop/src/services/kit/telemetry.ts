/** The part of `@holdfast/telemetry` that a service uses, so that a test can listen in its place. */
import type { Telemetry } from '@holdfast/telemetry';

export type ServiceTelemetry = Pick<Telemetry, 'log' | 'serve'>;
