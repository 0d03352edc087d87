// The two attributes this package gives a meaning to; they become fields of their own in the stored span.

/** The correlation id of the request that a span belongs to. No semantic convention has one. */
export const ATTR_CORRELATION_ID = 'holdfast.correlation_id';

/** The service called, on client spans: OpenTelemetry's semantic convention (in development) for `peer.service`'s successor. */
export const ATTR_PEER = 'server.service.name';
