// Brightness and contrast, of this view only; the original alone while O or its button is held.
import { on, part, parts, typing, whenShown } from "./shown.js";

const apply = () => {
  const value = Object.fromEntries(parts("light").map((range) => [range.dataset.light, range.value]));
  for (const picture of document.querySelectorAll("[data-picture], [data-second] .layers img")) {
    picture.style.filter = `brightness(${value.brightness}) contrast(${value.contrast})`;
  }
};
const hold = (held) => {
  part("viewer").classList.toggle("original", held);
  part("hold").setAttribute("aria-pressed", String(held));
};
on("input", "light", apply);
on("click", "light-reset", () => { for (const range of parts("light")) range.value = 1; apply(); });
on("pointerdown", "hold", () => hold(true));
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { if (part("viewer")?.classList.contains("original")) hold(false); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "o" || (event.key === " " && event.target.closest("[data-hold]"))) { event.preventDefault(); hold(true); }
});
document.addEventListener("keyup", (event) => { if (["o", " "].includes(event.key) && part("hold")) hold(false); });
whenShown(() => { for (const range of parts("light")) range.value = 1; });
