// Deciding: nothing is preset; a choice opens what it needs, and the time the picture was in sight goes with it.
import { on, part, whenShown } from "./shown.js";

let sight = 0;
let since = 0;
const now = () => performance.now();
const seconds = () => (sight + (document.hidden ? 0 : now() - since)) / 1000;
const choice = () => part("decision")?.querySelector('input[name="choice"]:checked');

const update = () => {
  const form = part("decision");
  for (const button of document.querySelectorAll("[data-commit]")) button.disabled = !choice();
  if (!form) return;
  const reason = form.querySelector("[data-reason]");
  if (reason) reason.hidden = choice()?.dataset.corrects !== "yes";
  const calms = form.querySelector("[data-calms-note]");
  if (calms) calms.hidden = choice()?.dataset.calms !== "yes";
};
const restart = () => { sight = 0; since = now(); update(); };

document.addEventListener("visibilitychange", () => {
  if (document.hidden) sight += now() - since;
  since = now();
});
on("change", "decision", update);
on("click", "agree", (button) => {
  const box = part("decision").querySelector(`input[name="choice"][value="${CSS.escape(button.dataset.agree)}"]`);
  box.click();
  box.focus();
});
on("click", "note", () => part("decision").querySelector("textarea").focus());
on("click", "press", (el) => { if (el.name === "choice") el.focus(); });
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("[data-seconds]");
  if (field) { field.disabled = false; field.value = seconds().toFixed(1); }
}, true);
document.addEventListener("htmx:afterSettle", update);
whenShown(restart);
