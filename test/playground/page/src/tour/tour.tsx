/** Guided tour of six steps. */
export function Tour() {
  return null;
}
