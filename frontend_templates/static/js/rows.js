// The rows of files on the upload page: a local one at once, the server's own as soon as it answers.
const rows = document.querySelector("[data-upload-rows]");
const sample = document.querySelector("[data-upload-row]");

export const localRow = (name) => {
  const row = sample.content.querySelector("tr").cloneNode(true);
  row.querySelector("[data-name]").textContent = name;
  rows.append(row);
  return row;
};

export const mark = (row, state, percent = 0) => {
  for (const part of row.querySelectorAll("[data-local]")) part.hidden = part.dataset.local !== state;
  row.querySelector("progress").value = percent;
  row.querySelector("[data-percent]").textContent = `${percent} %`;
};

export const serverRow = (row, html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const answer = holder.content.querySelector("tr");
  row.replaceWith(answer);
  window.htmx.process(answer);
};

export const firstLink = () => rows.querySelector("a.row-link");
