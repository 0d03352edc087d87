/** Which carrier brings how much how far, and how fast. Pure. */

export type Quote =
  | { readonly kind: 'offer'; readonly carrier: string; readonly etaDays: number }
  | { readonly kind: 'none'; readonly why: string };

/** By what a carrier takes at most, smallest first. `daysPerZone` come on top of one day for packing. */
const CARRIERS = [
  { carrier: 'Swift Parcel', maxUnits: 10, daysPerZone: 1 },
  { carrier: 'Blue Van', maxUnits: 60, daysPerZone: 1.5 },
  { carrier: 'Freight North', maxUnits: 2_000, daysPerZone: 2.5 },
] as const;

/** `zone` 1 (near) to 4 (far); `units` pieces in one shipment, more than 2,000 are brought by nobody. */
export function quote(zone: number, units: number): Quote {
  const found = CARRIERS.find(({ maxUnits }) => units <= maxUnits);
  return found === undefined
    ? { kind: 'none', why: `no carrier takes ${units} pieces in one shipment` }
    : { kind: 'offer', carrier: found.carrier, etaDays: 1 + Math.ceil(zone * found.daysPerZone) };
}
