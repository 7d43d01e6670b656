package dev.keg.backup.store.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/**
 * Copies the body of an answer to where it is wanted as it arrives; the body itself is then empty.
 * The JDK's own subscribers gather all of it in fresh memory first. Once this is closed, nothing is
 * copied any more, though the rest of an answer that nobody waits for may still arrive.
 */
public final class CopiedBody implements BodySubscriber<byte[]>, AutoCloseable {
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private final ByteBuffer target;
  private long length;
  private boolean closed;

  /** The target's own position stays as it is. */
  public CopiedBody(ByteBuffer target) {
    this.target = target.duplicate();
  }

  /** How many bytes arrived; what was more than there is room for was not copied. */
  public synchronized long length() {
    return length;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> pieces) {
    if (closed) {
      return;
    }
    for (ByteBuffer piece : pieces) {
      length += piece.remaining();
      int room = Math.min(piece.remaining(), target.remaining());
      target.put(piece.limit(piece.position() + room));
    }
  }

  @Override
  public void onError(Throwable failure) {
    whole.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    whole.complete(new byte[0]);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
