// Another image may come up at any time: whoever minds a part of the screen is told when one does.
const told = [];
export const screen = () => document.querySelector("[data-screen]");
export const part = (name) => document.querySelector(`[data-${name}]`);
export const parts = (name) => [...document.querySelectorAll(`[data-${name}]`)];
export const whenShown = (tell) => { told.push(tell); if (screen()) tell(); };
export const typing = (el) => Boolean(el.closest("input:not([type=radio]):not([type=range]), textarea, select"));
export const on = (type, name, act) => document.addEventListener(type, (event) => {
  const found = event.target.closest?.(`[data-${name}]`);
  if (found) act(found, event);
});
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "review") for (const tell of told) tell(); });
