// The list of cells beside the picture: what a mouse does on the picture, a keyboard does here.
import { on, part, parts } from "./shown.js";

const SIDES = ["left", "top", "width", "height"];
const STEP = 0.005; // of the picture's side
let timer = 0;

export const rows = () => parts("cell").map((row) => ({
  row, word: row.dataset.word, box: Object.fromEntries(SIDES.map((side) => [side, Number(row.dataset[side])])),
}));
const fill = (form, box) => { for (const side of SIDES) form.querySelector(`[name="${side}"]`).value = box[side].toFixed(5); };
export const add = (box) => {
  const form = part("cell-add");
  fill(form, box);
  form.requestSubmit();
};
export const change = (row, box) => {
  const form = row.querySelector("[data-cell-form]");
  if (!form) return;
  fill(form, box);
  form.requestSubmit(form.querySelector("[data-cell-save]"));
};
const MOVES = { ArrowLeft: ["left", "width", -1], ArrowRight: ["left", "width", 1], ArrowUp: ["top", "height", -1], ArrowDown: ["top", "height", 1] };
on("keydown", "cell", (row, event) => {
  if (event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  const { box } = rows().find((one) => one.row === row);
  if (["Delete", "Backspace"].includes(event.key)) { event.preventDefault(); row.querySelector('[value="remove"]')?.click(); }
  const move = MOVES[event.key];
  if (!move) return;
  event.preventDefault();
  const [place, size, way] = move;
  if (event.shiftKey) box[size] = Math.min(1 - box[place], Math.max(STEP, box[size] + way * STEP));
  else box[place] = Math.min(1 - box[size], Math.max(0, box[place] + way * STEP));
  for (const side of SIDES) row.dataset[side] = box[side];
  document.dispatchEvent(new CustomEvent("cells:moved"));
  clearTimeout(timer);
  timer = setTimeout(() => change(row, box), 500);
});
on("change", "cell-form", (form, event) => { if (event.target.name === "label") form.requestSubmit(form.querySelector("[data-cell-save]")); });
// A swap makes the rows anew: who was on one stays on it.
let stayed = "";
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target.id === "cells") stayed = document.activeElement.closest?.("[data-cell]")?.dataset.cell || ""; });
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "cells") return;
  part("cells-count").textContent = rows().length || "";
  if (stayed) document.querySelector(`[data-cell="${stayed}"]`)?.focus();
});
