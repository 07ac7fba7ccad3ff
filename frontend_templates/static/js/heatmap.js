// The heatmap over the picture: off at first, H switches it, [ and ] change its opacity, O (held) shows the original alone.
(() => {
  const heat = document.querySelector("[data-heat]");
  const button = document.querySelector("[data-heat-switch]");
  if (!heat || !button) return;
  const range = document.querySelector("[data-heat-opacity]");
  const details = document.querySelectorAll("[data-heat-detail]");
  const note = document.querySelector("[data-heat-note]");
  let on = !heat.hidden;

  const show = (visible) => {
    if (visible && !heat.getAttribute("src")) heat.src = heat.dataset.src;
    heat.hidden = !visible;
  };
  const set = (value) => {
    on = value;
    show(on);
    button.setAttribute("aria-pressed", String(on));
    for (const part of details) part.hidden = !on;
    current();
  };
  const fade = () => { heat.style.opacity = range.value; };

  const look = (link) => {
    heat.dataset.src = link.dataset.heatSource;
    heat.src = link.dataset.heatSource;
    if (note) note.textContent = link.dataset.heatCaption;
    set(true);
  };
  const current = () => {
    for (const link of document.querySelectorAll("[data-heat-source]")) {
      if (on && link.dataset.heatSource === heat.dataset.src) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  button.setAttribute("role", "button");
  button.addEventListener("click", (e) => { e.preventDefault(); set(!on); });
  document.addEventListener("click", (e) => {
    const link = e.target.closest("[data-heat-source]");
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); look(link); }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const ready = document.querySelector("[data-heat-now]");
    if (ready) { ready.removeAttribute("data-heat-now"); look(ready); } else current();
  });
  range.addEventListener("input", fade);
  heat.addEventListener("error", () => { set(false); if (note) note.textContent = note.dataset.missing; });
  document.addEventListener("keydown", (e) => {
    if (e.target.closest("input:not([type=radio]):not([type=range]), textarea, select") || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "h" || e.key === "H") set(!on);
    if (e.key === "[") { range.stepDown(); fade(); }
    if (e.key === "]") { range.stepUp(); fade(); }
    if ((e.key === "o" || e.key === "O") && on) show(false);
  });
  document.addEventListener("keyup", (e) => { if ((e.key === "o" || e.key === "O") && on) show(true); });
  document.querySelector("[data-heat-now]")?.removeAttribute("data-heat-now");
  set(on);
  fade();
})();
