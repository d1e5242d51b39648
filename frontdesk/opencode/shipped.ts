/**
 * SHA-256 of the two files in agents/ that decide what the front desk may do. Start-up refuses any other
 * (AG-2), so whoever changes one of them changes its line here; shipped.test.ts prints the new value.
 */
export const shipped = {
  agent: '5b160a23f9848ff10b78b8c32fd1e008e5ca5cbdf953436c7688f8366fc9db78',
  plugin: '9de437792926e6f867a6dcd9b8565446d96b7d98fcf5f8b47868e8799ebb6fdb',
} as const;
