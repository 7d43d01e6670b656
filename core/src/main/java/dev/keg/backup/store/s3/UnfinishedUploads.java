package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.XmlParser.Element;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The multipart uploads that nobody will complete, which a store keeps, and charges for, forever.
 */
final class UnfinishedUploads {
  private static final String OPERATION = "clear unfinished uploads";

  private final S3Client client;

  UnfinishedUploads(S3Client client) {
    this.client = client;
  }

  /**
   * Aborts uploads that were begun before this time and received no part since:
   *
   * <pre>
   * &lt;Upload>&lt;Key>prefix/data/db/x&lt;/Key>&lt;UploadId>…&lt;/UploadId>&lt;Initiated>2026-11-20T10:58:07.000Z&lt;/Initiated>&lt;/Upload>
   * </pre>
   */
  void clear(Instant before) throws StoreException {
    S3Request request =
        S3Request.of("GET", "").query("uploads", "").query("prefix", client.location().prefix());
    boolean more = true;
    while (more) {
      S3Answer answer = client.send(OPERATION, request);
      if (answer.status() == 501) {
        return; // a store without this list keeps no such uploads, or nobody can find them
      }
      if (!answer.succeeded()) {
        throw client.failure(OPERATION, answer);
      }
      Element page = S3Document.parse(client, OPERATION, answer);
      for (Element upload : page.all("Upload").toList()) {
        clear(upload, before);
      }
      more = page.textOf("IsTruncated").equals("true");
      request =
          request
              .query("key-marker", page.textOf("NextKeyMarker"))
              .query("upload-id-marker", page.textOf("NextUploadIdMarker"));
    }
  }

  private void clear(Element upload, Instant before) throws StoreException {
    String key = upload.textOf("Key");
    if (client.location().name(key).isEmpty()) {
      return;
    }
    if (!time(upload.textOf("Initiated")).isBefore(before)) {
      return;
    }
    String id = upload.textOf("UploadId");
    if (!isActive(key, id, before)) {
      Multipart.abort(client, key, id);
    }
  }

  /**
   * Whether a part arrived later: a first backup over a slow line may take longer than a week. If
   * the parts cannot be listed, the upload is kept.
   */
  private boolean isActive(String key, String id, Instant before) throws StoreException {
    S3Request request = S3Request.of("GET", key).query("uploadId", id);
    boolean more = true;
    while (more) {
      S3Answer answer = client.send(OPERATION, request);
      if (answer.status() == 404 || answer.status() == 501) {
        return false;
      }
      if (answer.status() == 403) {
        client.debug("not allowed to list the parts of an unfinished upload of " + key);
        return true;
      }
      if (!answer.succeeded()) {
        throw client.failure(OPERATION, answer);
      }
      Element page = S3Document.parse(client, OPERATION, answer);
      for (Element part : page.all("Part").toList()) {
        if (!time(part.textOf("LastModified")).isBefore(before)) {
          return true;
        }
      }
      more = page.textOf("IsTruncated").equals("true");
      request = request.query("part-number-marker", page.textOf("NextPartNumberMarker"));
    }
    return false;
  }

  private Instant time(String text) throws StoreException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw S3Document.unreadable(client, OPERATION, e);
    }
  }
}
