/** Identifiers as markup, forms, mail and transcripts wrap them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { scanned } from "./scan.ts";

function check(cases: Readonly<Record<string, string>>, ...detectors: string[]): void {
  for (const [text, expected] of Object.entries(cases)) assert.equal(scanned(text, ...detectors).text, expected, text);
}

const same = (texts: readonly string[]) => Object.fromEntries(texts.map((text) => [text, text]));

describe("wrapped", () => {
  it("cards whose groups markup, a form or a control character parts", () => {
    check({
      "card 4111&nbsp;1111&nbsp;1111&nbsp;1111.": "card [CARD].",
      "4111&#160;1111&#160;1111&#160;1111 ok": "[CARD] ok",
      "4111&#xA0;1111&#xa0;1111&#XA0;1111": "[CARD]",
      "card=4111%201111%201111%201111&x=1": "card=[CARD]&x=1",
      "card=4111+1111+1111+1111&x=1": "card=[CARD]&x=1",
      "3782%20822463%2010005": "[CARD]",
      "4111\u00001111\u00001111\u00001111": "[CARD]",
      "4111\u001f1111\u001e1111\u00081111": "[CARD]",
      "pan%3D4111111111111111": "pan%3D[CARD]",
      "q=%224111111111111111%22": "q=%22[CARD]%22",
    });
  });

  it("what is none stays: sums, hashes, other digits between the marks", () => {
    check(
      same([
        "4111&nbsp;1111&nbsp;1111&nbsp;1112",
        "4111+1111+1111+1112",
        "a4111%201111%201111%20",
        "sha1 3d4111111111111111ab",
        "+4930901820+4930901821",
        "12&nbsp;000&nbsp;000",
      ]),
      "card",
    );
  });

  it("IBANs over line ends", () => {
    check({
      "DE89 3704 0044\n0532 0130 00": "[IBAN]",
      "IBAN: DE8937040044\r\n0532013000, thanks": "IBAN: [IBAN], thanks",
      "GB29 NWBK 6016 \n1331 9268 19": "[IBAN]",
      "DE89 3704 0044\n\n0532 0130 00": "DE89 3704 0044\n\n0532 0130 00",
    });
  });

  it("addresses with full-width marks, and read out", () => {
    check({
      "zoe＠example。com": "[EMAIL]",
      "zoe＠example．co．jp": "[EMAIL]",
      "zoe@example.com。thanks": "[EMAIL]。thanks",
      "it's john at gmail dot com": "it's [EMAIL]",
      "John dot smith at mail dot example dot co dot uk please": "[EMAIL] please",
      "jane underscore 1984 at Yahoo Dot com.": "[EMAIL].",
      "z o e at web dot de": "[EMAIL]",
    });
    check(
      same([
        "look at gmail dot com",
        "find us at example dot com",
        "he was at gmail",
        "we met at noon dot dot dot",
        "meet me at five dot thirty",
        "john at gmail dot kom",
        "ordered it at amazon dot com",
      ]),
      "email",
    );
  });

  it("dates of birth that are said, and those of East Asia", () => {
    check({
      "I was born on April twelfth nineteen eighty-five": "I was born on [DOB]",
      "my date of birth is the twelfth of april nineteen eighty five, ok": "my date of birth is the [DOB], ok",
      "date of birth? uh, march third two thousand and one": "date of birth? uh, [DOB]",
      "DOB: may twenty first nineteen oh nine.": "DOB: [DOB].",
      "birthday is july 4th nineteen seventy six": "birthday is [DOB]",
      "born may first nineteen sixty-two, his wife was born june second nineteen sixty-three":
        "born [DOB], his wife was born [DOB]",
      "born october thirty first twenty ten": "born [DOB]",
      "1984年3月5日生": "[DOB]生",
      "生年月日：1984年3月5日": "生年月日：[DOB]",
      "1984年 3月 5日 生まれ": "[DOB] 生まれ",
    });
    check(
      same([
        "the order of april twelfth nineteen eighty five",
        "born in april",
        "2024年3月5日に発送",
        "born on april twelfth",
        "newborn april twelfth nineteen eighty five",
      ]),
      "dob",
    );
  });

  it("addresses of machines beside a port or a bracket", () => {
    check({
      "[2001:db8::1]:443": "[[IP]]:443",
      "at 2001:db8::1]": "at [IP]]",
      "2001:db8:0:1:2:3:4:5:443": "[IP]:443",
      "from 2001:db8:0:1:2:3:4:5:65535, ok": "from [IP]:65535, ok",
    });
    check(same(["1:2:3:4:5:6:7:8:9:10", "2001:db8:0:1:2:3:4:5:99999", "00:11:22:33:44:55:66:77:88"]), "ip");
  });

  it("phones with 00 and a country's code, together, where their length is one of that country", () => {
    check(
      {
        "reach the customer: 0014155550100": "reach the customer: [PHONE]",
        "Kundin (004915112345678) wartet": "Kundin ([PHONE]) wartet",
        "from 00447911123456.": "from [PHONE].",
        "de 0033612345678 hier": "de [PHONE] hier",
      },
      "phone",
    );
    check(
      same([
        "0014155550100",
        "order 0014155550100",
        "item 0012345678905",
        "row 00000012345678",
        "x 001415555010",
        "x 0011155550100",
        "x 00991234567890",
      ]),
      "phone",
    );
  });
});
