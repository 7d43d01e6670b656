package dev.keg.backup.store.s3;

import dev.keg.backup.store.RecordFailures;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.XmlParser.Element;
import dev.keg.registry.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Records as objects in a bucket, with their ETags as versions. An ETag is a digest of the content,
 * so versions are unique only because no two texts are equal.
 */
final class S3Records implements RecordStore {
  private static final int LARGEST = 1 << 20;
  private static final int MOST = 1_000_000;
  private static final String ANY = "*";

  private final S3Client client;
  private volatile Optional<Instant> time = Optional.empty();

  S3Records(S3Client client) {
    this.client = client;
  }

  @Override
  public String address() {
    return client.location().address();
  }

  private String path(String key) {
    return client.location().prefix() + key;
  }

  private S3Answer noted(S3Answer answer) {
    try {
      time =
          Optional.of(
              DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.header("date"), Instant::from));
    } catch (DateTimeException _) {
      // The server sent no time; callers that need one check for that.
    }
    return answer;
  }

  @Override
  public Optional<StoredRecord> get(String key) {
    return RecordFailures.translate(() -> getNow(key));
  }

  private Optional<StoredRecord> getNow(String key) throws StoreException {
    String operation = "get " + key;
    S3Answer answer = noted(client.send(operation, S3Request.of("GET", path(key)).limit(LARGEST)));
    if (isMissing(answer)) {
      return Optional.empty();
    }
    return Optional.of(
        new StoredRecord(successful(operation, answer).text(), version(operation, answer)));
  }

  private static boolean isMissing(S3Answer answer) {
    return answer.status() == 404 && !S3Failures.ErrorBody.of(answer).code().equals("NoSuchBucket");
  }

  private S3Answer successful(String operation, S3Answer answer) throws StoreException {
    if (!answer.succeeded()) {
      throw client.failure(operation, answer);
    }
    return answer;
  }

  private String version(String operation, S3Answer answer) throws StoreException {
    String tag = answer.header("etag");
    if (tag.isEmpty()) {
      throw new StoreException.Failed(
          address(), operation, "it sent no ETag, so versions cannot be told apart", null);
    }
    return tag;
  }

  @Override
  public Optional<String> put(String key, String text, String expected) {
    return RecordFailures.translate(() -> putNow(key, text, expected));
  }

  private Optional<String> putNow(String key, String text, String expected) throws StoreException {
    String operation = "put " + key;
    S3Answer answer =
        client.repeat(_ -> noted(client.attempt(operation, writing(key, text, expected))));
    // Also the answer to a write that an earlier attempt made, and whose answer was lost.
    if (answer.status() == 412 || isMissing(answer)) {
      return getNow(key).filter(found -> found.text().equals(text)).map(StoredRecord::version);
    }
    return Optional.of(version(operation, successful(operation, answer)));
  }

  private S3Request writing(String key, String text, String expected) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    S3Request request =
        S3Request.of("PUT", path(key))
            .body(new RequestBody(bytes, bytes.length, client.location().encrypted()));
    return expected.equals(NONE)
        ? request.header("if-none-match", ANY)
        : request.header("if-match", expected);
  }

  @Override
  public boolean delete(String key, String expected) {
    return RecordFailures.translate(() -> deleteNow(key, expected));
  }

  private boolean deleteNow(String key, String expected) throws StoreException {
    String operation = "delete " + key;
    S3Answer answer =
        noted(
            client.send(operation, S3Request.of("DELETE", path(key)).header("if-match", expected)));
    if (answer.status() == 412) {
      return false;
    }
    return isMissing(answer) || successful(operation, answer).succeeded();
  }

  @Override
  public List<ListedRecord> list(String folder) {
    return RecordFailures.translate(() -> listNow(folder));
  }

  private List<ListedRecord> listNow(String folder) throws StoreException {
    String prefix = client.location().prefix();
    List<ListedRecord> found = new ArrayList<>();
    S3Pages pages = new S3Pages(client, "list " + folder);
    pages.each(
        path(folder),
        (answer, page) -> {
          var _ = noted(answer);
          for (Element entry : page.all("Contents").toList()) {
            String key = entry.textOf("Key");
            if (!key.startsWith(prefix + folder) || found.size() == MOST) {
              throw pages.refused("its list contains names that are not records");
            }
            found.add(
                new ListedRecord(
                    key.substring(prefix.length()), entry.textOf("ETag"), Optional.empty()));
          }
        });
    found.sort(Comparator.comparing(ListedRecord::key));
    return found;
  }

  @Override
  public Optional<Instant> time() {
    return time;
  }

  @Override
  public boolean probe() {
    return RecordFailures.translate(() -> new S3Probe(client, this::writing).run());
  }

  @Override
  public void close() {
    client.close();
  }
}
