/**
 * SHA-256 of the two files in agents/ that decide what the front desk may do. Start-up refuses any other
 * (AG-2), so whoever changes one of them changes its line here; shipped.test.ts prints the new value.
 */
export const shipped = {
  agent: 'c9e300a483b8050371fcce8713a79230e9c64eb8f7b46e8ba3455605f944745a',
  plugin: '9de437792926e6f867a6dcd9b8565446d96b7d98fcf5f8b47868e8799ebb6fdb',
} as const;
