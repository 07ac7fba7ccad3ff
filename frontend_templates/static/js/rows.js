// The files of the upload page. All are known; fifty at a time are in the document, so that two thousand are no burden.
import { linkOf, paint, rowOf } from "./file_row.js";

const PAGE = 50;
const LOOK = new Set(["held", "refused", "missing"]);
const part = (name) => document.querySelector(`[data-upload-${name}]`);
const items = [];
const view = { page: 0, show: "all", follows: true, asked: false };

const shown = () => (view.show === "all" ? items : items.filter((item) => LOOK.has(item.outcome || item.state)));
const inSight = () => shown().slice(view.page * PAGE, (view.page + 1) * PAGE);

const drawNow = () => {
  view.asked = false;
  const every = shown();
  const active = items.findIndex((item) => item.state === "sending");
  if (view.follows && active >= 0 && view.show === "all") view.page = Math.floor(active / PAGE);
  view.page = Math.max(0, Math.min(view.page, Math.ceil(every.length / PAGE) - 1));
  const rows = inSight().map(rowOf);
  const fresh = rows.filter((row) => row.parentNode !== part("rows"));
  if (fresh.length || part("rows").childElementCount !== rows.length) part("rows").replaceChildren(...rows);
  for (const row of fresh) window.htmx.process(row);
  part("bar").hidden = items.length <= PAGE;
  const numbers = { first: every.length ? view.page * PAGE + 1 : 0, last: Math.min(every.length, (view.page + 1) * PAGE), all: every.length };
  part("where").textContent = part("where").dataset.words.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
};
export const draw = () => { if (!view.asked) { view.asked = true; requestAnimationFrame(drawNow); } };
export const add = (item) => {
  const kept = { ...item, key: `${Date.now()}-${Math.random()}`, state: "waiting", percent: 0 };
  items.push(kept);
  draw();
  return kept;
};
export const mark = (item, state, percent = 0, page = "") => {
  const changed = item.state !== state;
  Object.assign(item, { state, percent, page });
  if (item.row) paint(item);
  if (changed) draw();
};
export const settle = (item, { html, outcome }) => { item.row?.remove(); Object.assign(item, { html, outcome, state: outcome, drawn: false }); draw(); };
export const firstLink = () => linkOf(items[0].html);

const turn = (change) => { Object.assign(view, { follows: false }, change); draw(); };
part("back").addEventListener("click", () => turn({ page: view.page - 1 }));
part("forth").addEventListener("click", () => turn({ page: view.page + 1 }));
part("show").addEventListener("change", (event) => turn({ show: event.target.value, page: 0 }));
// The poll names the images in sight, and gets their rows; what was swapped is kept for the next look.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target === part("watch")) event.detail.parameters.image = inSight().map(({ id }) => id).filter((id) => id?.startsWith("image-")).map((id) => id.slice(6));
});
for (const swap of ["htmx:oobAfterSwap", "htmx:afterSwap"]) document.addEventListener(swap, () => {
  for (const item of inSight()) if (item.id) item.row = document.getElementById(item.id) || item.row;
});
