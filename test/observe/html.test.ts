import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { html } from "../../src/observe/html.ts";

describe("html", () => {
  it("escapes text, in elements and in attributes, and leaves HTML", () => {
    const name = `<b a="1" b='2'>&amp;\``;
    assert.equal(html`<i title="${name}">${name}</i>`.text.includes("<b"), false);
    assert.equal(html`${name}`.text, "&#60;b a=&#34;1&#34; b=&#39;2&#39;&#62;&#38;amp;&#96;");
    assert.equal(html`<i>${html`<b>${"<"}</b>`}</i>`.text, "<i><b>&#60;</b></i>");
  });

  it("joins lists, and leaves nothing where nothing is", () => {
    assert.equal(html`<p>${[1, "<", [html`<br>`, undefined, false]]}</p>`.text, "<p>1&#60;<br></p>");
    assert.equal(html``.text, "");
    assert.equal(html`${0}`.text, "0");
  });

  it("whatever the text is, no character of markup and none that cannot be seen comes through", () => {
    const unseen = fc.constantFrom(
      ..."\u202e\u2066\u200b\ufeff\u00ad\u2028\0\u001b\u0085\ud800\u3164\ufe0f\u00a0".split(""),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), unseen)), (parts) => {
        const { text } = html`${parts.join("")}`;
        assert.doesNotMatch(text, /[<>"'`]/);
        assert.doesNotMatch(text, /&(?!#\d+;)/);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\u3164|\ufe0f|\u00a0/u);
      }),
    );
  });

  it("leaves letters of all scripts as they are", () => {
    const name = "Größe, 列の名前, العمود, שם, ชื่อ 🙂";
    assert.equal(html`${name}`.text, name);
  });
});
