// Cells on the picture: a thin dark and a light line, so that they show on any stain. B draws, moves and sizes them.
import { on, part, parts, typing, whenShown } from "./shown.js";
import { pane } from "./viewer.js";
import { add, change, rows } from "./cells.js";

const SVG = "http://www.w3.org/2000/svg";
const REACH = 9; // screen pixels around a corner
let drawing = false;
let grip = null; // what the pointer holds: {box, row, dx, dy} or {box, row, fixed}

const make = (name, attributes, into) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  into.append(made);
  return made;
};
const draw = () => {
  const svg = part("boxes");
  if (!svg || !pane) return;
  svg.replaceChildren();
  const held = grip && !grip.row ? [{ box: grip.box, word: "" }] : [];
  for (const { box, word, row } of [...rows(), ...held]) {
    const shape = { x: box.left * pane.width, y: box.top * pane.height, width: box.width * pane.width, height: box.height * pane.height };
    const kinds = ["box", row?.matches(":focus, :focus-within, :hover") && "chosen", row && "proposed" in row.dataset && "proposed"];
    const group = make("g", { class: kinds.filter(Boolean).join(" ") }, svg);
    make("rect", { class: "dark", ...shape }, group);
    make("rect", { class: "light", ...shape }, group);
    make("text", { x: shape.x, y: shape.y - 4 / pane.pixel, "font-size": 12 / pane.pixel }, group).textContent = word;
  }
};
const between = (a, b) => {
  const in01 = (value) => Math.min(1, Math.max(0, value));
  const [left, right] = [in01(Math.min(a.x, b.x)), in01(Math.max(a.x, b.x))];
  const [top, bottom] = [in01(Math.min(a.y, b.y)), in01(Math.max(a.y, b.y))];
  return { left, top, width: right - left, height: bottom - top };
};
const corners = ({ left, top, width, height }) => [left, left + width].flatMap((x) => [top, top + height].map((y) => ({ x, y, fixed: { x: 2 * left + width - x, y: 2 * top + height - y } })));
const take = (at) => {
  const [rx, ry] = [REACH / (pane.pixel * pane.width), REACH / (pane.pixel * pane.height)];
  for (const { box, row } of rows().reverse()) {
    const corner = corners(box).find(({ x, y }) => Math.abs(x - at.x) < rx && Math.abs(y - at.y) < ry);
    if (corner) return { box, row, fixed: corner.fixed };
    if (at.x > box.left && at.x < box.left + box.width && at.y > box.top && at.y < box.top + box.height) return { box, row, dx: at.x - box.left, dy: at.y - box.top };
  }
  return { box: between(at, at), row: null, fixed: at };
};
const follow = (at) => {
  const { box, fixed, dx, dy } = grip;
  if (fixed) Object.assign(box, between(fixed, at));
  else { box.left = Math.min(1 - box.width, Math.max(0, at.x - dx)); box.top = Math.min(1 - box.height, Math.max(0, at.y - dy)); }
  if (grip.row) for (const side of ["left", "top", "width", "height"]) grip.row.dataset[side] = box[side];
};
const release = () => {
  const { box, row, moved } = grip;
  grip = null;
  const large = box.width * pane.width * pane.pixel > 4 && box.height * pane.height * pane.pixel > 4;
  if (row) { row.focus(); if (moved) change(row, box); } else if (large) add(box);
  draw();
};
const toggle = (value) => {
  drawing = value;
  const viewer = part("viewer");
  if (value) viewer.dataset.drawing = "yes"; else delete viewer.dataset.drawing;
  part("draw").setAttribute("aria-pressed", String(value));
  part("draw-note").hidden = !value;
  if (value) part("cells-fold")?.setAttribute("open", "");
};
on("click", "draw", () => toggle(!drawing));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drawing && !typing(event.target)) { event.preventDefault(); grip = null; toggle(false); draw(); }
}, true);
whenShown(() => {
  drawing = false;
  const viewer = part("viewer");
  if (!viewer) return;
  viewer.addEventListener("drawn", draw);
  viewer.addEventListener("pointerdown", (event) => { if (!drawing) return; event.preventDefault(); grip = take(pane.locate(event)); viewer.setPointerCapture(event.pointerId); });
  viewer.addEventListener("pointermove", (event) => { if (!grip) return; grip.moved = true; follow(pane.locate(event)); draw(); });
  viewer.addEventListener("pointerup", () => { if (grip) release(); });
  viewer.addEventListener("pointercancel", () => { grip = null; draw(); });
  draw();
});
for (const type of ["focusin", "focusout", "mouseover", "mouseout"]) document.addEventListener(type, (event) => { if (event.target.closest?.("#cells")) draw(); });
document.addEventListener("cells:moved", draw);
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "cells") draw(); });
