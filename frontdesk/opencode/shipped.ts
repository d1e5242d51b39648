/**
 * SHA-256 of the two files in agents/ that decide what the front desk may do. Start-up refuses any other
 * (AG-2), so whoever changes one of them changes its line here; shipped.test.ts prints the new value.
 */
export const shipped = {
  agent: 'cd3690bd60ebb7ffcd420a35ed0b398d51781e7956d56102aa3c702b628ffaf2',
  plugin: '9de437792926e6f867a6dcd9b8565446d96b7d98fcf5f8b47868e8799ebb6fdb',
} as const;
