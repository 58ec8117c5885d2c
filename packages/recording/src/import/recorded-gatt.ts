import type { TracedCharacteristic, TracedService } from '../capture/gatt-trace.ts';
import { gattProperties, type GattPropertyName, type GattService } from '@ubmsc/session';

/** Most services and characteristics that a header names: a line is bounded, and no battery has as many. */
const MOST_SERVICES = 64;
const MOST_CHARACTERISTICS = 128;

/** UUIDs of 16 and of 128 bits; what else stands in a damaged discovery is ignored. */
const uuidPattern = /^(?:[0-9a-f]{4}|[0-9a-f]{32})$/;

const propertyNames = Object.keys(gattProperties).filter(
  (name): name is GattPropertyName => name in gattProperties,
);

/** The services that a discovery has named, in the order of their handles, as a recording names them. */
export function recordedServices(
  services: readonly TracedService[],
  characteristics: readonly TracedCharacteristic[],
): readonly GattService[] {
  const named = characteristics.filter(({ uuid }) => uuidPattern.test(uuid)).slice(0, MOST_CHARACTERISTICS);
  const owned = new Set<TracedCharacteristic>();
  return services
    .filter(({ uuid }) => uuidPattern.test(uuid))
    .slice(0, MOST_SERVICES)
    .map(({ uuid, startHandle, endHandle }) => {
      const own = named.filter(
        (each) => !owned.has(each) && startHandle <= each.valueHandle && each.valueHandle <= endHandle,
      );
      for (const each of own) owned.add(each);
      return {
        uuid,
        characteristics: own.slice(0, 100).map((each) => ({
          uuid: each.uuid,
          properties: propertyNames.filter((name) => (each.properties & gattProperties[name]) !== 0),
        })),
      };
    });
}
