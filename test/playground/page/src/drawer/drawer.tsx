/** Builder drawer: journal and faults. */
export function Drawer() {
  return <p>Nothing here yet.</p>;
}
