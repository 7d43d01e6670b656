package dev.keg.backup.store.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends an array without copying it. The JDK's own publisher copies everything before it sends the
 * first byte, which doubles the memory of an upload. The array must stay unchanged until the answer
 * arrives.
 */
public final class ArrayBody implements BodyPublisher {
  private static final int PIECE = 1 << 16;

  private final byte[] bytes;
  private final int offset;
  private final int length;

  private ArrayBody(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  public static BodyPublisher of(byte[] bytes, int offset, int length) {
    return length == 0 ? BodyPublishers.noBody() : new ArrayBody(bytes, offset, length);
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Pieces(subscriber));
  }

  private final class Pieces implements Subscription {
    private final Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong wanted = new AtomicLong();
    private int sent;
    private volatile boolean ended;

    Pieces(Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    /**
     * The thread that requests while nobody sends does the sending; a subscriber may request again
     * while it receives a piece.
     */
    @Override
    public void request(long count) {
      if (count <= 0) {
        ended = true;
        subscriber.onError(new IllegalArgumentException("asks for " + count));
        return;
      }
      if (wanted.getAndAccumulate(count, Pieces::sum) == 0) {
        do {
          sendNext();
        } while (wanted.decrementAndGet() > 0 && !ended);
      }
    }

    private static long sum(long left, long more) {
      return left + more < 0 ? Long.MAX_VALUE : left + more;
    }

    private void sendNext() {
      if (ended) {
        return;
      }
      ByteBuffer piece = ByteBuffer.wrap(bytes, offset + sent, Math.min(PIECE, length - sent));
      sent += piece.remaining();
      subscriber.onNext(piece);
      if (sent == length) {
        ended = true;
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      ended = true;
    }
  }
}
