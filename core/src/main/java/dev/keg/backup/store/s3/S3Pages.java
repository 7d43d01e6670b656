package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.XmlParser.Element;
import java.util.HashSet;
import java.util.Set;

/**
 * Lists the objects with a prefix, in pages of at most 1,000:
 *
 * <pre>
 * &lt;ListBucketResult>&lt;Contents>…&lt;/Contents>
 *   &lt;IsTruncated>true&lt;/IsTruncated>&lt;NextContinuationToken>…&lt;/NextContinuationToken>
 * </pre>
 *
 * A server whose list never ends is refused.
 */
record S3Pages(S3Client client, String operation) {
  /** Enough for a hundred million objects. */
  private static final int MOST = 100_000;

  /** A server skips deleted objects: in a bucket with versions, these may be a million names. */
  private static final int MOST_EMPTY = 1000;

  /** Work on a page. */
  @FunctionalInterface
  interface Work {
    void on(S3Answer answer, Element page) throws StoreException;
  }

  void each(String prefix, Work work) throws StoreException {
    S3Request request = S3Request.of("GET", "").query("list-type", "2").query("prefix", prefix);
    Set<String> tokens = new HashSet<>();
    int empty = 0;
    while (true) {
      S3Answer answer = client.send(operation, request);
      if (!answer.succeeded()) {
        throw client.failure(operation, answer);
      }
      Element page = S3Document.parse(client, operation, answer);
      work.on(answer, page);
      if (!page.textOf("IsTruncated").equals("true")) {
        return;
      }
      empty = page.all("Contents").findAny().isPresent() ? 0 : empty + 1;
      String token = page.textOf("NextContinuationToken");
      if (!tokens.add(token) || tokens.size() > MOST || empty > MOST_EMPTY) {
        throw refused("its list does not end");
      }
      request = request.query("continuation-token", token);
    }
  }

  StoreException refused(String why) {
    return new StoreException.Failed(
        client.location().address(), operation, why, "check the endpoint");
  }
}
