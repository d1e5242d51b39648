/**
 * SHA-256 of the two files in agents/ that decide what the front desk may do. Start-up refuses any other
 * (AG-2), so whoever changes one of them changes its line here; shipped.test.ts prints the new value.
 */
export const shipped = {
  agent: '4b1de41ddc7394f235dc043092939fdaff4d4b47aec7b13a46fb5b4169aec540',
  plugin: '1277d20b36693ccf54639d3fd048ed3f882b56a0f9ce7661067c16457ea05480',
} as const;
