import golden from './golden-vectors.json' with { type: 'json' };

/** Frames with the values that the protocol reference states for them. */
export { golden };
