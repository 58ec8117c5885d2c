/** How messages of other makers begin whose devices have the same service (other devices on FFE0, reference, section 1.1). */
const headers: readonly { readonly maker: string; readonly header: readonly number[] }[] = [
  { maker: 'a balancer of NEEY or Heltec', header: [0x55, 0xaa, 0x11] },
];

/** What other device sends these bytes; undefined when none is known by them. */
export function otherMaker(bytes: Uint8Array): string | undefined {
  return headers.find(({ header }) => header.every((byte, index) => bytes[index] === byte))?.maker;
}
