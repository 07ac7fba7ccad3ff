// Deciding by keys: 1-4 a class, A agrees, U uncertain, X unusable, N the note; Enter commits what was chosen. Nothing is preset.
(() => {
  const form = () => document.querySelector("[data-decision]");
  const choose = (value) => {
    const box = form() && form().querySelector(`input[name="choice"][value="${value}"]`);
    if (!box) return;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.focus();
  };
  const update = () => {
    if (!form()) return;
    const chosen = form().querySelector('input[name="choice"]:checked');
    const reason = form().querySelector("[data-reason]");
    const corrects = Boolean(chosen && chosen.dataset.corrects === "yes");
    if (reason) reason.hidden = !corrects;
    for (const field of reason ? reason.querySelectorAll("select, textarea, input") : []) field.required = corrects && field.hasAttribute("data-needed");
    for (const button of document.querySelectorAll("[data-commit]")) button.disabled = !chosen;
  };
  document.addEventListener("change", (e) => { if (e.target.closest("[data-decision]")) update(); });
  document.addEventListener("htmx:afterSettle", update);
  document.addEventListener("keydown", (e) => {
    if (!form() || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target.closest("textarea, select, input:not([type=radio]):not([type=range])")) return;
    const key = e.key.toLowerCase();
    const byKey = form().querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (byKey) { e.preventDefault(); choose(byKey.value); }
    if (key === "a" && form().dataset.agree) choose(form().dataset.agree);
    if (key === "n") { e.preventDefault(); form().querySelector("textarea").focus(); }
    if (key === "enter" && e.target.matches('input[type="radio"]')) { e.preventDefault(); form().requestSubmit(); }
  });
  update();
})();
