// The heatmap over the picture: off at first, H switches it, [ and ] fade it; for the suggested class, or for another one.
import { on, part, parts, whenShown } from "./shown.js";

const note = () => part("heat-note");
const shown = () => part("heat-switch")?.getAttribute("aria-pressed") === "true";
const chosen = () => document.querySelector('[data-decision] input[name="choice"]:checked')?.value;
const bearer = (label) => [...document.querySelectorAll("#scores [data-heat-label]")].find((el) => el.dataset.heatLabel === label);

const mark = () => {
  const heat = part("heat");
  for (const link of parts("heat-source")) {
    if (shown() && link.dataset.heatSource === heat.dataset.src) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const other = part("heat-chosen");
  const target = chosen() && bearer(chosen());
  if (other) other.hidden = !shown() || !target || target.dataset.heatSource === heat.dataset.src;
};
const set = (visible) => {
  const heat = part("heat");
  if (visible && !heat.getAttribute("src")) heat.src = heat.dataset.src;
  heat.hidden = !visible;
  part("heat-switch").setAttribute("aria-pressed", String(visible));
  for (const detail of parts("heat-detail")) detail.hidden = !visible;
  mark();
};
const look = (link) => {
  part("heat").dataset.src = link.dataset.heatSource;
  part("heat").src = link.dataset.heatSource;
  note().textContent = link.dataset.heatCaption;
  set(true);
};
const fade = () => { part("heat").style.opacity = part("heat-opacity").value; };

on("click", "heat-switch", (_, event) => { event.preventDefault(); set(!shown()); });
on("click", "heat-source", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !part("heat")) return;
  event.preventDefault();
  look(link);
});
on("click", "heat-chosen", () => bearer(chosen()).click());
on("click", "fade", (button) => { const range = part("heat-opacity"); if (button.dataset.fade > 0) range.stepUp(); else range.stepDown(); fade(); });
on("input", "heat-opacity", fade);
on("change", "decision", mark);
document.addEventListener("error", (event) => { if (event.target.matches?.("[data-heat]")) { set(false); note().hidden = false; note().textContent = note().dataset.missing; } }, true);
document.addEventListener("htmx:afterSettle", (event) => {
  if (!part("heat") || event.detail.target.id === "review") return;
  const ready = part("heat-now");
  if (ready) { ready.removeAttribute("data-heat-now"); look(ready); } else mark();
});
whenShown(() => {
  if (!part("heat")) return;
  part("heat-switch").setAttribute("role", "button");
  part("heat-now")?.removeAttribute("data-heat-now");
  set(!part("heat").hidden);
  fade();
});
