/** What `ubmsc generate` prints. */
export const documents = ['rules', 'dashboard', 'unit', 'man'] as const;

export type GeneratedDocument = (typeof documents)[number];
