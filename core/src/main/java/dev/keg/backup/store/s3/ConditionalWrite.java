package dev.keg.backup.store.s3;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreException;
import dev.keg.volume.Size;

/**
 * The request that makes an object visible, on condition that the name is free. If its answer is
 * lost, it is repeated, and then finds the object that it created.
 */
final class ConditionalWrite {
  private final S3Client client;
  private final ObjectName name;
  private final Size size;
  private final String operation;

  ConditionalWrite(S3Client client, ObjectName name, Size size) {
    this.client = client;
    this.name = name;
    this.size = size;
    this.operation = "write " + name;
  }

  void send(S3Request request) throws StoreException {
    if (client.knowsConditions()) {
      sendIfNew(request);
    } else {
      sendAfterLooking(request);
    }
  }

  private void sendIfNew(S3Request request) throws StoreException {
    S3Request conditional = request.header("if-none-match", "*");
    boolean known =
        client.repeat(
            number -> {
              S3Answer answer = client.attempt(operation, conditional);
              if (answer.status() == 501) {
                return false;
              }
              settle(answer, number);
              return true;
            });
    if (!known) {
      client.forgetConditions();
      sendAfterLooking(request);
    }
  }

  /** For stores that do not support the condition: 501 Not Implemented. */
  private void sendAfterLooking(S3Request request) throws StoreException {
    if (storedSize() >= 0) {
      throw new StoreException.AlreadyExists(client.location().address(), name);
    }
    client.repeat(
        number -> {
          settle(client.attempt(operation, request), number);
          return true;
        });
  }

  // A multipart upload that cannot be completed reports that in the body of a 200.
  private void settle(S3Answer answer, int number) throws StoreException {
    if (answer.succeeded() && S3Failures.ErrorBody.of(answer).code().isEmpty()) {
      return;
    }
    boolean taken = answer.status() == 412;
    boolean gone = answer.status() == 404; // of the upload, because it was completed
    if (number > 1 && (taken || gone) && storedSize() == size.bytes()) {
      return;
    }
    throw taken
        ? new StoreException.AlreadyExists(client.location().address(), name)
        : client.failure(operation, answer);
  }

  /** The size of the object with the name, -1 if there is none. */
  private long storedSize() throws StoreException {
    S3Answer answer = client.send(operation, S3Request.of("HEAD", client.location().key(name)));
    if (answer.succeeded()) {
      return answer.headers().firstValueAsLong("content-length").orElse(0);
    }
    if (answer.status() == 404) {
      return -1;
    }
    throw client.failure(operation, answer);
  }
}
