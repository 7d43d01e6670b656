package dev.keg.backup.store.s3;

import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.XmlParser.Element;

/** Parses answers that are documents. */
final class S3Document {
  private S3Document() {}

  static Element fetch(S3Client client, String operation, S3Request request) throws StoreException {
    S3Answer answer = client.send(operation, request);
    if (!answer.succeeded()) {
      throw client.failure(operation, answer);
    }
    return parse(client, operation, answer);
  }

  static Element parse(S3Client client, String operation, S3Answer answer) throws StoreException {
    try {
      return XmlParser.parse(answer.text());
    } catch (XmlParser.InvalidXml e) {
      throw unreadable(client, operation, e);
    }
  }

  static StoreException unreadable(S3Client client, String operation, Exception e) {
    return new StoreException.Failed(
        client.location().address(),
        operation,
        "the answer does not come from S3: " + e.getMessage(),
        "check the endpoint",
        e);
  }
}
