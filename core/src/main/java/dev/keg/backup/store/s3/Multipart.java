package dev.keg.backup.store.s3;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.XmlParser.Element;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/** A multipart upload: a few parts are being sent while the next one fills. */
final class Multipart {
  static final int BYTES_UNDER_WAY = 32 << 20;

  private final S3Client client;
  private final ObjectName name;
  private final String id;
  private final String operation;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<String>> tags = new ArrayList<>();
  private final BlockingQueue<byte[]> spent = new LinkedBlockingQueue<>();
  private int buffers = 1;

  private Multipart(S3Client client, ObjectName name, String id) {
    this.client = client;
    this.name = name;
    this.id = id;
    this.operation = "write " + name;
  }

  /** Begins an upload: {@code <InitiateMultipartUploadResult><UploadId>…}. */
  static Multipart begin(S3Client client, ObjectName name, UnaryOperator<S3Request> lock)
      throws StoreException {
    S3Request request = S3Request.of("POST", client.location().key(name)).query("uploads", "");
    Element answer = S3Document.fetch(client, "write " + name, lock.apply(request));
    return new Multipart(client, name, answer.textOf("UploadId"));
  }

  int nextNumber() {
    return tags.size() + 1;
  }

  /** Sends a part, once not too many others are being sent; returns the buffer for the next one. */
  byte[] send(byte[] part, int length) throws StoreException {
    int number = nextNumber();
    tags.add(threads.submit(() -> put(number, part, length)));
    return nextBuffer(part.length);
  }

  private String put(int number, byte[] part, int length) throws StoreException {
    try {
      RequestBody body = new RequestBody(part, length, client.location().encrypted());
      S3Request request =
          S3Request.of("PUT", client.location().key(name))
              .query("partNumber", Integer.toString(number))
              .query("uploadId", id)
              .body(body);
      S3Answer answer = client.send(operation, request);
      if (!answer.succeeded()) {
        throw client.failure(operation, answer);
      }
      return answer.header("etag");
    } finally {
      spent.add(part);
    }
  }

  private byte[] nextBuffer(int size) throws StoreException {
    if (buffers <= Math.max(1, BYTES_UNDER_WAY / size)) {
      buffers++;
      return new byte[size];
    }
    byte[] buffer = await(spent::take);
    for (Future<String> tag : tags) {
      if (tag.state() == Future.State.FAILED) {
        await(tag::get);
      }
    }
    return buffer;
  }

  /** Combines the parts to one object. */
  void complete(Size size) throws StoreException {
    StringBuilder parts = new StringBuilder("<CompleteMultipartUpload>");
    for (int index = 0; index < tags.size(); index++) {
      parts
          .append("<Part><PartNumber>")
          .append(index + 1)
          .append("</PartNumber><ETag>")
          .append(escape(await(tags.get(index)::get)))
          .append("</ETag></Part>");
    }
    parts.append("</CompleteMultipartUpload>");
    S3Request request =
        S3Request.of("POST", client.location().key(name))
            .query("uploadId", id)
            .body(RequestBody.text(parts.toString(), client.location().encrypted()));
    new ConditionalWrite(client, name, size).send(request);
    threads.close();
  }

  private static String escape(String tag) {
    return tag.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  /**
   * Discards the parts. Waits for those that are being sent: a server may store an interrupted
   * part, and some do so after the upload is gone, where nobody finds it. After an interruption,
   * does not wait.
   */
  void abort() throws StoreException {
    threads.close();
    abort(client, client.location().key(name), id);
  }

  static void abort(S3Client client, String key, String id) throws StoreException {
    S3Answer answer =
        client.send("discard " + key, S3Request.of("DELETE", key).query("uploadId", id));
    if (!answer.succeeded() && answer.status() != 404) {
      throw client.failure("discard " + key, answer);
    }
  }

  /** An operation that may have to wait. */
  @FunctionalInterface
  private interface Wait<T> {
    T get() throws InterruptedException, ExecutionException;
  }

  private <T> T await(Wait<T> wait) throws StoreException {
    try {
      return wait.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Failed(
          client.location().address(), operation, "interrupted", null, e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StoreException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
