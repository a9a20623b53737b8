/** Keeps the `limit` most recently used values; the least recently used one makes room. */
export function createBoundedCache<Key, Value>(limit: number, create: (key: Key) => Value) {
  const values = new Map<Key, Value>();
  return (key: Key): Value => {
    let value = values.get(key);
    if (value === undefined) {
      value = create(key);
      if (values.size >= limit) {
        for (const oldest of values.keys()) {
          values.delete(oldest);
          break;
        }
      }
    } else {
      values.delete(key);
    }
    values.set(key, value);
    return value;
  };
}
