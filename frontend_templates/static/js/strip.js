// The film strip: the current image in sight, J and K lead to the next and the previous one of the case.
(() => {
  const items = [...document.querySelectorAll(".strip a")];
  const at = items.findIndex((item) => item.hasAttribute("aria-current"));
  if (at < 0) return;
  const strip = items[at].closest(".strip");
  strip.scrollTop = items[at].offsetTop - strip.clientHeight / 2;
  strip.scrollLeft = items[at].offsetLeft - strip.clientWidth / 2;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, select, input:not([type=radio]):not([type=range])")) return;
    const next = items[at + ({ j: 1, k: -1 }[event.key] || 0)];
    if (next && next !== items[at]) next.click();
  });
})();
