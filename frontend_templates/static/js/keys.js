// The key map: a key presses the visible thing that bears it. Keys rest in fields, with modifiers, and while a box is open.
import { typing } from "./shown.js";

const bearer = (key) => [...document.querySelectorAll("[data-press]")].find((el) =>
  el.dataset.press.split(" ").includes(key) && !el.disabled && el.checkVisibility({ visibilityProperty: true }));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], :popover-open")) return;
  const key = event.key.toLowerCase();
  if (typing(event.target)) { if (key === "escape") { event.preventDefault(); event.target.blur(); } return; }
  if (event.shiftKey && /^[a-z]$/.test(key)) return;
  if (key === "enter" && event.target.closest("button, a, summary, [data-cell]")) return;
  const found = bearer(key);
  if (!found || (event.repeat && !found.hasAttribute("data-repeats"))) return;
  event.preventDefault();
  found.click();
});
