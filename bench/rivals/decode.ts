/** Decoding alone, the floor: every column of every row group by parquet-wasm, one thread: `decode.ts input`. */
import { openAsBlob } from "node:fs";
import { ParquetFile } from "parquet-wasm";

const file = await ParquetFile.fromFile(await openAsBlob(process.argv[2]!));
const groups = file.metadata().numRowGroups();
let rows = 0;
for (let group = 0; group < groups; group++) {
  const table = await file.read({ rowGroups: [group], batchSize: 16_384 });
  for (let batch = 0; batch < table.numBatches; batch++) rows += table.recordBatch(batch)!.numRows;
  table.free();
}
console.log(rows);
