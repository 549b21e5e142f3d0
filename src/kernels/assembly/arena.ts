/** First byte after the kernels' static data: the caller's arena begins here. */
export function heapBase(): usize {
  return __heap_base;
}
