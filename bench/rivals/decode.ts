/** Decoding alone, the floor: every column of every row group by parquet-wasm, one thread: `decode.ts input`. */
import { openAsBlob } from "node:fs";
import { ParquetFile } from "parquet-wasm";

const file = await ParquetFile.fromFile(await openAsBlob(process.argv[2]!));
const groups = file.metadata().numRowGroups();
let bytes = 0;
for (let group = 0; group < groups; group++) {
  const table = await file.read({ rowGroups: [group], batchSize: 16_384 });
  bytes += table.getArrayMemorySize();
  table.free();
}
if (bytes === 0) throw new Error("decoded nothing");
