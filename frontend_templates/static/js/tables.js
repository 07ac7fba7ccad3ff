// Each figure of a table learns what its column is called: a phone shows a row as a card, with these words.
for (const table of document.querySelectorAll(".table-keep")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0]?.rows || []) {
    let column = 0;
    for (const cell of row.cells) { cell.dataset.head = cell.colSpan > 1 ? "" : heads[column] || ""; column += cell.colSpan; }
  }
  table.classList.add("table-headed");
}
