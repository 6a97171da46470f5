// A place on the page that shows one answer at a time: the newest, while older ones are let go.

import { Refusal } from "./ask.js";
import { failed, waiting } from "./say.js";

/**
 * `fill` shows what `work(signal)` gives, and whether it did; what is there stays, dimmed, until then.
 */
export function place(box, status) {
  let current = new AbortController();
  const tell = (words) => { if (status) status.textContent = words; };
  const show = (...nodes) => { box.hidden = false; box.replaceChildren(...nodes); };
  const forget = () => { current.abort(); box.removeAttribute("aria-busy"); };
  async function fill(loading, work) {
    forget();
    const mine = current = new AbortController();
    box.setAttribute("aria-busy", "true");
    if (!box.firstElementChild || box.querySelector(".empty, .failure")) show(waiting(loading));
    tell(loading);
    try {
      const { nodes, words } = await work(mine.signal);
      if (mine.signal.aborted) return false;
      show(...nodes);
      tell(words ?? "");
      return true;
    } catch (error) {
      if (mine.signal.aborted) return false;
      if (!(error instanceof Refusal)) throw error;
      show(failed(error.message, () => fill(loading, work)));
      tell("");
      return false;
    } finally {
      if (mine === current) box.removeAttribute("aria-busy");
    }
  }
  return { show, tell, forget, fill, box };
}
