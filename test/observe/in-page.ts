/** What is asked of a page from within it: expressions as text, since the program that asks has no page's types. */

/** How far the page is wider than its window, and what stands beyond the edges. */
export const OVERFLOW = `(() => {
  const most = document.documentElement.clientWidth;
  const beyond = [...document.body.querySelectorAll("*")].filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return right > most + 0.5 || left < -0.5;
  });
  return {
    scroll: document.documentElement.scrollWidth - most,
    beyond: beyond.map((one) => one.outerHTML.slice(0, 80)),
  };
})()`;

/** The smallest text, in pixels. */
export const SMALLEST_TEXT = `Math.min(
  ...[...document.querySelectorAll("td .value, dd, li, p, small, code")].map((one) => parseFloat(getComputedStyle(one).fontSize)),
)`;

/** Every element with its attributes' names. */
export const SHAPE = `[...document.querySelectorAll("*")].map((one) => [one.tagName, ...one.getAttributeNames()].join(" "))`;

/** Sets off every handler that a pointer can. */
export const POINT_AT_ALL = `for (const one of document.querySelectorAll("*"))
  for (const type of ["mouseover", "click", "focus", "error", "load"]) one.dispatchEvent(new Event(type))`;

/** What a checker of accessibility asks of a document's structure. */
export const STRUCTURE = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const ids = all("[id]").map(({ id }) => id);
  return {
    lang: document.documentElement.lang,
    headings: all("h1, h2, h3").map(({ tagName }) => tagName).join(""),
    doubleIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    deadLinks: all("a").filter(({ hash }) => !document.querySelector(hash)).length,
    tablesWithoutCaption: all("table").filter((table) => !table.querySelector("caption")).length,
    headsWithoutScope: all("th:not([scope])").length,
    picturesWithoutName: all("svg:not([role=img][aria-label])").length,
    sectionsWithoutName: all("section").filter((one) => !document.getElementById(one.getAttribute("aria-labelledby"))).length,
    landmarks: all("header, nav, main, footer").length,
    outcomesByColourOnly: all(".outcome").filter((one) => !/[a-z]{4}/.test(one.textContent)).length,
  };
})()`;

/** Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3; relative luminance as defined there). */
export const LOW_CONTRAST = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = color
      .slice(0, 3)
      .map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    if (!one) return [255, 255, 255];
    const color = parse(getComputedStyle(one).backgroundColor);
    return color.length === 3 || color[3] === 1 ? color : behind(one.parentElement);
  };
  return [...document.body.querySelectorAll("*")].flatMap((one) => {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "")) return [];
    const style = getComputedStyle(one);
    const text = luminance(parse(one instanceof SVGElement ? style.fill : style.color));
    const back = luminance(behind(one));
    const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    return contrast < 4.5 ? [one.tagName + "." + one.getAttribute("class") + " " + contrast.toFixed(2)] : [];
  });
})()`;
