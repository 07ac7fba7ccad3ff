// The row of one file: a local one at once, the server's own as soon as it answers.
const sample = document.querySelector("[data-upload-row]");

const localRow = (item) => {
  const row = sample.content.querySelector("tr").cloneNode(true);
  row.querySelector("[data-name]").textContent = item.name;
  return row;
};
const serverRow = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("tr");
};
export const linkOf = (html) => serverRow(html).querySelector("a.row-link").href;

export const paint = (item) => {
  for (const piece of item.row.querySelectorAll("[data-local]")) piece.hidden = piece.dataset.local !== item.state;
  const bar = item.row.querySelector("progress");
  if (!bar) return;
  bar.value = item.percent;
  item.row.querySelector("[data-percent]").textContent = `${item.percent} %`;
  if (item.page) item.row.querySelector('[data-local="unpacking"]').href = item.page;
};
export const rowOf = (item) => {
  if (item.html && !item.drawn) {
    item.row = serverRow(item.html);
    Object.assign(item, { drawn: true, id: item.row.id });
  }
  item.row ||= localRow(item);
  if (!item.html) paint(item);
  return item.row;
};
