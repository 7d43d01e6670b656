package dev.keg.backup.store.etcd;

import dev.keg.backup.store.RecordFailures;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonObject;
import dev.keg.registry.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records as keys of an etcd cluster; the revision of the last change is the version. A change is a
 * transaction that first compares the revision:
 *
 * <pre>
 * {"compare":[{"key":"…","target":"MOD","result":"EQUAL","mod_revision":"42"}],
 *  "success":[{"request_put":{"key":"…","value":"…"}}]}
 * {"header":{"revision":"57"},"succeeded":true}
 * </pre>
 */
final class EtcdRecords implements RecordStore {
  private static final int PAGE = 1000;
  private static final int MOST = 1_000_000;

  private final EtcdClient client;
  private final String prefix;

  EtcdRecords(EtcdClient client, String prefix) {
    this.client = client;
    this.prefix = prefix;
  }

  @Override
  public String address() {
    return client.address();
  }

  private String encoded(String key) {
    return encode((prefix + key).getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private String decode(String operation, Map<?, ?> entry, String field) throws StoreException {
    try {
      Object encoded = entry.containsKey(field) ? entry.get(field) : "";
      byte[] bytes = Base64.getDecoder().decode(String.valueOf(encoded));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw unlikely(operation);
    }
  }

  @Override
  public Optional<StoredRecord> get(String key) {
    return RecordFailures.translate(() -> getNow(key));
  }

  private Optional<StoredRecord> getNow(String key) throws StoreException {
    JsonObject range = new JsonObject().put("key", encoded(key));
    String operation = "get " + key;
    List<Map<?, ?>> found = entries(client.call(operation, "kv/range", range));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map<?, ?> entry = found.getFirst();
    return Optional.of(new StoredRecord(decode(operation, entry, "value"), version(entry)));
  }

  private static String version(Map<?, ?> entry) {
    return String.valueOf(entry.get("mod_revision"));
  }

  // Answers omit empty lists, empty texts and false.
  private static List<Map<?, ?>> entries(Map<String, Object> answer) {
    List<Map<?, ?>> entries = new ArrayList<>();
    if (answer.get("kvs") instanceof List<?> kvs) {
      for (Object entry : kvs) {
        if (entry instanceof Map<?, ?> map) {
          entries.add(map);
        }
      }
    }
    return entries;
  }

  @Override
  public Optional<String> put(String key, String text, String expected) {
    JsonObject put =
        new JsonObject()
            .put("key", encoded(key))
            .put("value", encode(text.getBytes(StandardCharsets.UTF_8)));
    JsonObject change = new JsonObject().put("request_put", put);
    return RecordFailures.translate(
        () -> {
          Map<String, Object> answer = transact("put " + key, key, expected, change);
          if (hasSucceeded(answer) && answer.get("header") instanceof Map<?, ?> header) {
            return Optional.of(String.valueOf(header.get("revision")));
          }
          // An earlier attempt may have succeeded without its answer arriving.
          return getNow(key).filter(now -> now.text().equals(text)).map(StoredRecord::version);
        });
  }

  private Map<String, Object> transact(
      String operation, String key, String expected, JsonObject change) throws StoreException {
    boolean isNew = expected.equals(NONE);
    JsonObject compare =
        new JsonObject()
            .put("key", encoded(key))
            .put("target", isNew ? "CREATE" : "MOD")
            .put("result", "EQUAL")
            .put(isNew ? "create_revision" : "mod_revision", isNew ? "0" : expected);
    return client.call(
        operation,
        "kv/txn",
        new JsonObject().objects("compare", List.of(compare)).objects("success", List.of(change)));
  }

  private static boolean hasSucceeded(Map<String, Object> answer) {
    return Boolean.TRUE.equals(answer.get("succeeded"));
  }

  @Override
  public boolean delete(String key, String expected) {
    JsonObject change =
        new JsonObject().put("request_delete_range", new JsonObject().put("key", encoded(key)));
    return RecordFailures.translate(
        () ->
            hasSucceeded(transact("delete " + key, key, expected, change))
                || getNow(key).isEmpty());
  }

  @Override
  public List<ListedRecord> list(String folder) {
    return RecordFailures.translate(() -> listNow(folder));
  }

  private List<ListedRecord> listNow(String folder) throws StoreException {
    String operation = "list " + folder;
    byte[] first = (prefix + folder).getBytes(StandardCharsets.UTF_8);
    String end = encode(after(first));
    String start = encode(first);
    List<ListedRecord> found = new ArrayList<>();
    boolean more = true;
    while (more) {
      JsonObject range =
          new JsonObject().put("key", start).put("range_end", end).put("limit", PAGE);
      Map<String, Object> answer = client.call(operation, "kv/range", range);
      List<Map<?, ?>> entries = entries(answer);
      String last = found.isEmpty() ? "" : found.getLast().key();
      for (Map<?, ?> entry : entries) {
        found.add(listed(operation, folder, entry));
      }
      boolean again = !entries.isEmpty() && !last.isEmpty() && found.getLast().key().equals(last);
      if (found.size() > MOST || again) {
        throw unlikely(operation);
      }
      more = Boolean.TRUE.equals(answer.get("more")) && !entries.isEmpty();
      if (more) {
        start = encode(next(prefix + found.getLast().key()));
      }
    }
    return found;
  }

  private ListedRecord listed(String operation, String folder, Map<?, ?> entry)
      throws StoreException {
    String key = decode(operation, entry, "key");
    if (!key.startsWith(prefix + folder)) {
      throw unlikely(operation);
    }
    return new ListedRecord(
        key.substring(prefix.length()),
        version(entry),
        Optional.of(decode(operation, entry, "value")));
  }

  private StoreException unlikely(String operation) {
    return new StoreException.Failed(
        address(), operation, "the answer does not come from etcd", "check the endpoints");
  }

  /** The first key after all keys with this prefix, which does not end with 0xFF. */
  private static byte[] after(byte[] folder) {
    byte[] end = folder.clone();
    end[end.length - 1]++;
    return end;
  }

  private static byte[] next(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  @Override
  public Optional<Instant> time() {
    return client.time();
  }

  /** Every etcd supports transactions. */
  @Override
  public boolean probe() {
    return RecordFailures.translate(
        () -> {
          var _ = client.call("open", "kv/range", new JsonObject().put("key", encoded("keg.json")));
          return true;
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
