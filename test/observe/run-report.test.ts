/** The report in a real browser: everything is there, fits, can be read, and nothing in it is alive. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { RunReport } from "../../src/observe/run-report.ts";
import { runReportPage } from "../../src/observe/run-report-page.ts";
import { BROWSER_SKIPPED, startBrowser } from "../support/browser.ts";
import { LOW_CONTRAST, OVERFLOW, POINT_AT_ALL, SHAPE, SMALLEST_TEXT, STRUCTURE } from "./in-page.ts";
import { column, HOSTILE, report } from "./reports.ts";

describe("the report's page", async () => {
  const browser = await startBrowser();
  if (!browser) {
    it("is right in a browser", { skip: BROWSER_SKIPPED }, () => {});
    return;
  }
  suite(browser);
});

/** Every text of a report that comes from elsewhere, as a name that means harm. */
function hostile(name: (index: number) => string): RunReport {
  const { length } = HOSTILE;
  const text = (index: number) => name(index % length);
  return report({
    environment: text(0),
    keyId: text(1),
    verification: { rowCounts: text(2), [text(3)]: { [text(4)]: [text(5)] } } as unknown as RunReport["verification"],
    columns: Array.from({ length }, (_, index) =>
      column(text(index), {
        ...{ rule: `rule ${index}: ${text(index)}`, clause: text(index), types: [text(index)] },
        ...{
          options: { with: text(index) },
          cases: [
            { keys: text(index), when: { field: text(index), is: text(index) }, mask: "drop", rule: text(index) },
          ],
        },
        hits: { [`detector ${index} ${text(index)}`]: index + 1 },
      }),
    ),
    hits: Object.fromEntries(Array.from({ length }, (_, index) => [`detector ${index} ${text(index)}`, index + 1])),
    warnings: Array.from({ length }, (_, index) => ({
      ...{ rule: text(index), column: text(index), message: text(index), clause: text(index) },
    })),
    outputs: Array.from({ length }, (_, index) => ({
      ...{
        uri: `s3://bucket/${encodeURIComponent(text(index).toWellFormed())}`,
        input: "",
        rows: 1,
        bytes: 1,
        sha256: "1f".repeat(32),
      },
    })),
    quarantined: Array.from({ length }, (_, index) => ({ uri: "file:///a", reason: text(index) })),
  });
}

function suite(browser: Browser): void {
  let directory: string;
  let pages = 0;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "maskline-report-"));
  });
  after(async () => {
    await browser.close();
    await rm(directory, { recursive: true });
  });

  /** Opens a report; afterwards it must have asked for nothing and complained of nothing. */
  async function see(
    of: RunReport,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const path = join(directory, `${pages++}.html`);
    await writeFile(path, runReportPage(of));
    const page = await browser.newPage(options);
    const said: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("dialog", (dialog) => said.push(dialog.message()));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    await look(page);
    assert.deepEqual(said, []);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith("data:")),
      [pathToFileURL(path).href],
    );
    await page.close();
  }

  const wide = { viewport: { width: 1280, height: 900 } };
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  it("shows every column with its decision and counts", async () => {
    const shown = report();
    await see(shown, wide, async (page) => {
      const rows = page.getByRole("table", { name: "Every column" }).getByRole("row");
      assert.equal(await rows.count(), shown.columns.length + 1);
      for (const [index, { path, mask, rule, values }] of shown.columns.entries()) {
        const row = rows.nth(index + 1);
        assert.ok((await row.getByRole("rowheader").textContent())?.startsWith(path));
        const text = (await row.textContent()) ?? "";
        for (const part of [mask, rule, values.toLocaleString("en")])
          assert.ok(text.includes(part), `${path}: ${part}`);
      }
      const text = (await page.locator("body").textContent()) ?? "";
      for (const part of [
        shown.runId,
        shown.keyFingerprint,
        shown.outputs[0]!.sha256,
        "48,211 → 48,211",
        "PCI DSS 6.5.5",
      ]) {
        assert.ok(text.includes(part), part);
      }
      assert.match(text, /committed only where manifest\.json with that run id lies beside it/);
    });
  });

  it("fits every width, and paper, whatever the names", async () => {
    for (const shown of [report(), hostile((index) => HOSTILE[index]!)]) {
      await see(shown, wide, async (page) => {
        for (const width of [320, 360, 600, 959, 961, 1100, 1600]) {
          await page.setViewportSize({ width, height: 800 });
          assert.deepEqual(await page.evaluate(OVERFLOW), { scroll: 0, beyond: [] }, `${width} px`);
        }
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        // A4 and US Letter less the margins, at 96 dpi.
        for (const width of [680, 710]) {
          await page.setViewportSize({ width, height: 950 });
          assert.deepEqual(await page.evaluate(OVERFLOW), { scroll: 0, beyond: [] }, `print, ${width} px`);
        }
        const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        assert.equal(paper, "rgb(255, 255, 255)");
      });
    }
  });

  it("on a phone the columns are blocks with the heads before the values, and a table still", async () => {
    await see(report(), phone, async (page) => {
      assert.deepEqual(await page.evaluate(OVERFLOW), { scroll: 0, beyond: [] });
      const table = page.getByRole("table", { name: "Every column" });
      assert.equal(await table.getByRole("columnheader").count(), 8);
      assert.equal(await table.getByRole("rowheader").count(), report().columns.length);
      const cell = table.getByRole("cell").first();
      assert.equal(await cell.getAttribute("data-label"), "Outcome");
      const before = await page.evaluate('getComputedStyle(document.querySelector("#columns td"), "::before").content');
      assert.equal(before, '"Outcome"');
      assert.ok(Number(await page.evaluate(SMALLEST_TEXT)) >= 11);
    });
  });

  it("names that mean harm are text and nothing else", async () => {
    const shapeOf = async (name: (index: number) => string) => {
      let shape: unknown;
      await see(hostile(name), wide, async (page) => {
        await page.evaluate(POINT_AT_ALL);
        shape = await page.evaluate(SHAPE);
        assert.equal(await page.locator("script, img, iframe, object, base, form").count(), 0);
        assert.match(await page.title(), /^Masking report 78bd0a8e69a016bd, /);
      });
      return shape;
    };
    const tame = await shapeOf((index) => `name${index}`);
    assert.deepEqual(await shapeOf((index) => HOSTILE[index]!), tame);
  });

  it("a name cannot pretend to be another", async () => {
    await see(
      hostile((index) => HOSTILE[index]!),
      wide,
      async (page) => {
        const heads = await page.getByRole("table", { name: "Every column" }).getByRole("rowheader").allTextContents();
        assert.ok(heads.some((text) => text.startsWith("evil\\u{202e}gnp.exe\\u{200b}\\u{2066}\\u{feff}")));
        assert.ok(heads.some((text) => text.startsWith("line\\u{a}break\\u{d}\\u{9}tab\\u{0}nul\\u{2028}\\u{d800}")));
      },
    );
  });

  it("runs no script and loads nothing, even if some came in", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const injected = `<script>document.title="hit"</script><img src="${url}/x.png"><style>h1{color:red}</style>
      <link rel="stylesheet" href="${url}/x.css"><script src="${url}/x.js"></script><iframe src="${url}"></iframe>
      <p style="color:red" onclick="document.title='hit'">x</p><form action="${url}"></form>`;
    const path = join(directory, "injected.html");
    await writeFile(path, runReportPage(report()).replace("<main>", `<main>${injected}`));
    const page = await browser.newPage(wide);
    await page.goto(pathToFileURL(path).href);
    await page.evaluate(POINT_AT_ALL);
    assert.match(await page.title(), /^Masking report/);
    for (const one of ["h1", "main p"]) {
      const color = await page.evaluate(`getComputedStyle(document.querySelector("${one}")).color`);
      assert.notEqual(color, "rgb(255, 0, 0)");
    }
    await page.evaluate('document.querySelector("form").requestSubmit()');
    await page.waitForTimeout(200);
    await page.close();
    server.close();
    assert.equal(asked, 0);
  });

  it("says what it is to those who do not see it", async () => {
    await see(report(), wide, async (page) => {
      assert.deepEqual(await page.evaluate(STRUCTURE), {
        ...{ lang: "en", headings: `H1${"H2".repeat(8)}`, doubleIds: [], deadLinks: 0, tablesWithoutCaption: 0 },
        ...{
          headsWithoutScope: 0,
          picturesWithoutName: 0,
          sectionsWithoutName: 0,
          landmarks: 4,
          outcomesByColourOnly: 0,
        },
      });
    });
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`can be read: contrast of every text in the ${colorScheme} scheme`, async () => {
      await see(report(), { ...wide, colorScheme }, async (page) => {
        assert.deepEqual(await page.evaluate(LOW_CONTRAST), []);
      });
    });
  }

  it("prints, with the heads of its tables on every page", async () => {
    const columns = Array.from({ length: 120 }, (_, index) => column(`column${index}`));
    await see(report({ columns }), wide, async (page) => {
      const pdf = await page.pdf({ format: "A4" });
      const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)!.length;
      assert.ok(sheets >= 3 && sheets <= 12, `${sheets} pages`);
    });
  });

  it("a schema of thousands of columns is shortened, and says so", async () => {
    const columns = Array.from({ length: 2_100 }, (_, index) => column(`column${index}`));
    await see(report({ columns }), wide, async (page) => {
      assert.equal(await page.getByRole("rowheader", { name: /^column/ }).count(), 2_000);
      assert.ok((await page.locator("#columns").textContent())?.includes("100 more stand in report.json."));
    });
  });
}

it("numbers of different values are told as what they are: exact, or estimates that nobody compares", () => {
  for (const [distinct, shown] of [
    [{ in: 480, out: 480, exact: true }, "480 → 480"],
    [{ in: 8_951, out: 8_951, exact: false }, "about 9,000 each"],
    [{ in: 98_760, out: 91_234, exact: false }, "about 99,000 → 91,000"],
  ] as const) {
    const page = runReportPage(report({ columns: [column("a", { distinct })] }));
    assert.ok(page.includes(`>${shown}<`), shown);
  }
});

it("what is decided for keys of a look is told by its rule", () => {
  const cases = [
    { mask: "drop", rule: "preset pci-dss: looks like card authentication data", clause: "PCI DSS 3.3.1" },
  ];
  const page = runReportPage(report({ columns: [column("attributes{}", { cases })] }));
  assert.match(page, /for some keys: drop, preset pci-dss: looks like card authentication data, PCI DSS 3\.3\.1/);
});
